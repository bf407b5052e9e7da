import Diagnostics
import Machine

/// Who is inside code that is gone, in words.
struct LostTextAccount {
  let text: String
  /// Where in the code the task stands, or will go on.
  let range: SourceRange

  init(_ lost: LostText, _ events: [Event], _ program: Program) {
    let cast = Cast(events, program)
    let module =
      switch lost.text {
      case .module(let module): "module \(program.modules[module.rawValue].name)"
      case .patch(let patch): "the module of patch \(program.patches[patch.rawValue].name)"
      }
    text =
      "\(cast.name(.task(lost.slot))) is inside \(cast.place(lost.address)), and \(module) is gone"
    range = program.origins[lost.address].range
  }
}

extension Diagnostic {
  static func lostText(_ account: LostTextAccount) -> Diagnostic {
    Diagnostic(
      .error, .lostText, account.text,
      labels: [.primary(account.range, "it would go on here")],
      notes: ["the kernel does not look at stacks before it frees a module"],
      help: "let it leave that code before the module goes; `reach lost_text` says that it is meant"
    )
  }
}
