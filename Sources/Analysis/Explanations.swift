import Diagnostics

extension Explanation {
  /// The codes of names, kinds, contexts, patches and scenarios.
  package static let ofAnalysis: [Explanation] =
    names + commands + kinds + contexts + patches + scenarios + warnings + limits + ofAtomic
}
