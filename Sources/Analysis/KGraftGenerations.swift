import Patching

/// The spellings of kGraft's generations, in one place.
enum KGraftGenerations {
  static let names = KGraftRules.Generation.allCases.map(\.rawValue)
}
