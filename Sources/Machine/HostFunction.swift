/// A function that the host lends to the operator, such as `cat`. It reads the world and gives a
/// value or an error number; it changes nothing and reads nothing else, so that a search may call
/// it in any world.
package struct HostFunction: Sendable {
  package typealias Body =
    @Sendable (
      _ arguments: [Int64], _ machine: Machine, _ row: inout MutableSpan<UInt64>,
      _ workspace: inout Workspace
    ) -> HostResult

  package let name: String
  package let parameterCount: Int
  package let body: Body

  package init(name: String, parameterCount: Int, body: @escaping Body) {
    self.name = name
    self.parameterCount = parameterCount
    self.body = body
  }
}

package enum HostResult: Sendable, Hashable {
  case value(Int64)
  /// A list of such values.
  case list([Int64])
  case failure(Errno)
  /// It would tell the time where none is kept.
  case noClock
}
