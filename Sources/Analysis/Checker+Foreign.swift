import Diagnostics
import Syntax

/// What a patch says of a function that it replaces: that it was built for another kernel
/// (`foreign`), and whether it can do without the function (`weak`, `required`).
extension Checker {
  func checkAttributes(of function: FunctionDeclaration) {
    checkRepeated(function)
    if let inline = function.attribute(.inline),
      let attribute = function.attributes.first(where: { $0.kind.isOfPatch })
    {
      report(.inlineReplacement(function.name, inline: inline, attribute: attribute))
    }
    if let weak = function.attribute(.weak), let required = function.attribute(.required) {
      report(.weakAndRequired(function.name, weak: weak, required: required))
    }
  }

  /// A word says the same the second time.
  func checkRepeated(_ function: FunctionDeclaration) {
    for (number, attribute) in function.attributes.enumerated() {
      let earlier = function.attributes.prefix(number).first { $0.kind == attribute.kind }
      if let earlier { report(.repeatedAttribute(function.name, attribute, first: earlier.range)) }
    }
  }

  /// Of a helper of the patch's own, which nobody looks up.
  func checkAttributes(ofOwn function: FunctionDeclaration) {
    checkRepeated(function)
    for attribute in function.attributes where attribute.kind.isOfPatch {
      report(.attributeOfHelper(function.name, attribute))
    }
  }

  /// Whether the patch was built for another kernel, and this one lacks the function. It may have
  /// another of the name: then the position counts.
  func isForeign(_ key: MemberKey, _ function: FunctionDeclaration, _ kernel: Int) -> Bool {
    guard function.attribute(.foreign) != nil, !function.name.isMissing else { return false }
    if case .module(let module) = key.owner, index.kernels[kernel].modules[module] == nil {
      return false
    }
    return index.kernels[kernel].members[key] == nil
  }

  /// Where the patch around it says that the kernel lacks the function: a module that calls one
  /// would not be linked.
  func foreignAttribute(of name: String) -> SourceRange? {
    guard let patch = place.patch else { return nil }
    for case .function(let function) in index.patches[patch].declaration.members
    where function.name.text == name {
      return function.attribute(.foreign)
    }
    return nil
  }

  /// `foreign` is there for what goes wrong on purpose: a function that can be patched is none.
  func checkForeign(_ function: FunctionDeclaration, original: FunctionDeclaration) {
    let notrace = original.attribute(.notrace)
    if let foreign = function.attribute(.foreign) {
      if notrace == nil {
        report(.nothingForeign(function.name, attribute: foreign, original: original.name.range))
      }
    } else if let notrace {
      report(.patchOfUntraced(function.name, attribute: notrace))
    }
  }
}
