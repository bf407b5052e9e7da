/// The greatest stack each function can need, in words, over every path of calls.
///
/// A frame is its registers; a callee's frame stands on its caller's, with one word between them
/// that remembers where to return. A call of a traced function may reach any of its variants.
package struct StackBounds: Sendable {
  /// Words allowed on top for calls that come back to a function already on the stack. The machine
  /// checks the bound at each call, so that deeper recursion is a fault and not a corrupt row.
  package static let recursionWords = 512

  private var bounds: [Int?]

  package init(program: Program) {
    bounds = Array(repeating: nil, count: program.functions.count)
    var open = Array(repeating: false, count: program.functions.count)
    for function in program.functions.indices {
      _ = Self.measure(function, program, &bounds, &open)
    }
  }

  package func words(of function: FunctionID) -> Int { (bounds[function.rawValue] ?? 0) }

  private static func measure(
    _ function: Int, _ program: Program, _ bounds: inout [Int?], _ open: inout [Bool]
  ) -> Int {
    if let known = bounds[function] { return known }
    if open[function] { return recursionWords }
    open[function] = true
    var deepestCallee = 0
    let body = program.functions[function]
    for instruction in program.instructions[body.entry..<body.end] {
      for callee in program.callees(of: instruction) {
        deepestCallee = max(
          deepestCallee, 1 + measure(callee.rawValue, program, &bounds, &open))
      }
    }
    open[function] = false
    let words = body.registerCount + deepestCallee
    bounds[function] = words
    return words
  }
}

extension Program {
  /// The functions whose frame the instruction may put on the stack.
  func callees(of instruction: Instruction) -> [FunctionID] {
    switch instruction.operation {
    case .call: return [FunctionID(Int(instruction.b))]
    case .callTraced:
      let traced = tracedFunctions[Int(instruction.b)]
      return [traced.original] + traced.variants.map(\.function)
    default: return []
    }
  }
}
