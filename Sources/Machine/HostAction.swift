/// What the host lends to the operator to act with, such as `write`: a request like any verb's. It
/// may change what the engine keeps in the row, or ask the engine for something that takes steps.
package struct HostAction: Sendable {
  package typealias Body =
    @Sendable (
      _ arguments: [Int64], _ machine: Machine, _ row: inout MutableSpan<UInt64>,
      _ workspace: inout Workspace
    ) -> HostAnswer

  package let name: String
  package let parameterCount: Int
  package let body: Body

  package init(name: String, parameterCount: Int, body: @escaping Body) {
    self.name = name
    self.parameterCount = parameterCount
    self.body = body
  }
}

package enum HostAnswer: Sendable, Hashable {
  case done
  case refused(Errno)
  case request(EngineRequest)
}

/// What the operator asks of the patching engine.
package enum EngineRequest: Sendable, Hashable {
  case apply(PatchID)
  case revert(PatchID)
  case force
}
