import Diagnostics
import Machine

/// How a kernel entry came to run code of both universes, told from the events: which functions,
/// in which version, in which order.
struct MixtureAccount {
  let text: String
  /// Where the functions stand.
  let labels: [Label]

  init?(_ violation: Violation, _ events: [Event], _ program: Program) {
    guard let slot = violation.slot, let patch = violation.patch else { return nil }
    var systemCall: String?
    var calls: [(text: String, body: FunctionID, step: Int)] = []
    for event in events {
      switch event.kind {
      case .enteredKernel(slot, let function):
        systemCall = function.map { program.functions[$0.rawValue].name }
        calls = []
      case .reachedSafePoint(slot):
        calls = []
      case .called(.task(slot), let traced, let chosen):
        let function = program.tracedFunctions[traced.rawValue]
        guard function.variants.contains(where: { $0.patch == patch }) else { continue }
        let isNew = program.functions[chosen.rawValue].patch == patch
        calls.append(("\(isNew ? "new" : "old") \(function.name)", chosen, event.step))
      default:
        continue
      }
    }
    guard !calls.isEmpty else { return nil }
    let name = program.patches[patch.rawValue].name
    let task = Cast(events, program).name(.task(slot))
    let place = systemCall.map { " within one call of \($0)" } ?? " between two safe points"
    text = "\(task) ran \(calls.map(\.text).joined(separator: ", then ")) of \(name)\(place)"
    var seen: Set<FunctionID> = []
    labels = calls.filter { seen.insert($0.body).inserted }.map { call in
      .secondary(
        program.functions[call.body.rawValue].origin.range,
        "\(task) ran \(call.text) in step #\(call.step)")
    }
  }
}
