import Syntax

extension Verb {
  /// What shells, the kernel and other languages call it, and how it is written here.
  static let elsewhere = ForeignWords.verbs
}
