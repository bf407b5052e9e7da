import Diagnostics

/// The codes of this module; `Explanations` has a page for each.
extension DiagnosticCode {
  // E02xx: names.
  static let unknownName = DiagnosticCode(rawValue: "E0201")
  static let duplicateName = DiagnosticCode(rawValue: "E0202")
  static let hiddenName = DiagnosticCode(rawValue: "E0203")
  static let wrongSort = DiagnosticCode(rawValue: "E0204")
  static let unknownVerb = DiagnosticCode(rawValue: "E0205")
  static let unknownMember = DiagnosticCode(rawValue: "E0206")
  static let unknownFixedName = DiagnosticCode(rawValue: "E0207")
  static let notVisibleHere = DiagnosticCode(rawValue: "E0208")
  // E022x: commands and modules.
  static let unknownCommand = DiagnosticCode(rawValue: "E0221")
  static let unknownModule = DiagnosticCode(rawValue: "E0222")
  static let wrongOperands = DiagnosticCode(rawValue: "E0223")
  static let callOfAbsentModule = DiagnosticCode(rawValue: "E0224")
  static let notSimulatedShell = DiagnosticCode(rawValue: "E0225")
  static let unknownPackage = DiagnosticCode(rawValue: "E0226")
  static let notInSearch = DiagnosticCode(rawValue: "E0227")
  // E03xx: kinds, units, number of arguments.
  static let wrongKind = DiagnosticCode(rawValue: "E0301")
  static let missingUnit = DiagnosticCode(rawValue: "E0302")
  static let wrongArity = DiagnosticCode(rawValue: "E0303")
  static let notAssignable = DiagnosticCode(rawValue: "E0304")
  static let overflow = DiagnosticCode(rawValue: "E0305")
  static let divisionByZero = DiagnosticCode(rawValue: "E0306")
  static let notConstant = DiagnosticCode(rawValue: "E0307")
  static let outOfRange = DiagnosticCode(rawValue: "E0308")
  static let circularConstant = DiagnosticCode(rawValue: "E0309")
  static let noValue = DiagnosticCode(rawValue: "E0310")
  // E04xx: contexts.
  static let wrongContext = DiagnosticCode(rawValue: "E0401")
  static let sleepsInInterrupt = DiagnosticCode(rawValue: "E0402")
  static let outsideLoop = DiagnosticCode(rawValue: "E0403")
  static let callFromWrongSide = DiagnosticCode(rawValue: "E0404")
  static let actsInCondition = DiagnosticCode(rawValue: "E0405")
  static let nestedProperty = DiagnosticCode(rawValue: "E0406")
  static let misplacedClause = DiagnosticCode(rawValue: "E0407")
  static let uncatchable = DiagnosticCode(rawValue: "E0408")
  static let badInit = DiagnosticCode(rawValue: "E0409")
  static let interruptWithoutPeriod = DiagnosticCode(rawValue: "E0410")
  static let notInAtomic = DiagnosticCode(rawValue: "E0421")
  static let leavesAtomic = DiagnosticCode(rawValue: "E0422")
  static let recordWithoutPool = DiagnosticCode(rawValue: "E0423")
  // E05xx: patches.
  static let patchOfNothing = DiagnosticCode(rawValue: "E0501")
  static let patchOfUntraced = DiagnosticCode(rawValue: "E0502")
  static let patchOfInline = DiagnosticCode(rawValue: "E0503")
  static let patchOtherParameters = DiagnosticCode(rawValue: "E0504")
  static let patchOtherFlavour = DiagnosticCode(rawValue: "E0505")
  static let helperExists = DiagnosticCode(rawValue: "E0506")
  static let emptyPatch = DiagnosticCode(rawValue: "E0507")
  static let badFamily = DiagnosticCode(rawValue: "E0508")
  static let patchByName = DiagnosticCode(rawValue: "E0509")
  static let notOfThisEngine = DiagnosticCode(rawValue: "E0510")
  static let badPatchAttribute = DiagnosticCode(rawValue: "E0511")
  // E06xx: scenarios, matrix, settings.
  static let duplicateScenario = DiagnosticCode(rawValue: "E0601")
  static let badMatrix = DiagnosticCode(rawValue: "E0602")
  static let unknownSetting = DiagnosticCode(rawValue: "E0603")
  static let badSetting = DiagnosticCode(rawValue: "E0604")
  static let noKernel = DiagnosticCode(rawValue: "E0605")
  static let unknownKernel = DiagnosticCode(rawValue: "E0606")
  static let unanswerable = DiagnosticCode(rawValue: "E0607")
  // W07xx: warnings.
  static let unusedName = DiagnosticCode(rawValue: "W0701")
  static let unreachable = DiagnosticCode(rawValue: "W0702")
  static let constantCondition = DiagnosticCode(rawValue: "W0703")
  static let valueDropped = DiagnosticCode(rawValue: "W0704")
  // E09xx: limits of this version.
  package static let notSimulated = DiagnosticCode(rawValue: "E0901")
  static let tooLarge = DiagnosticCode(rawValue: "E0902")

  /// All of them, in order.
  package static let ofAnalysis: [DiagnosticCode] = [
    .unknownName, .duplicateName, .hiddenName, .wrongSort, .unknownVerb, .unknownMember,
    .unknownFixedName, .notVisibleHere, .unknownCommand, .unknownModule, .wrongOperands,
    .callOfAbsentModule, .notSimulatedShell, .unknownPackage, .notInSearch, .wrongKind,
    .missingUnit, .wrongArity, .notAssignable,
    .overflow, .divisionByZero, .notConstant, .outOfRange, .circularConstant, .noValue,
    .wrongContext, .sleepsInInterrupt, .outsideLoop, .callFromWrongSide, .actsInCondition,
    .nestedProperty, .misplacedClause, .uncatchable, .badInit, .interruptWithoutPeriod,
    .notInAtomic, .leavesAtomic, .recordWithoutPool, .patchOfNothing, .patchOfUntraced,
    .patchOfInline, .patchOtherParameters, .patchOtherFlavour, .helperExists, .emptyPatch,
    .badFamily, .patchByName, .notOfThisEngine, .badPatchAttribute, .duplicateScenario, .badMatrix,
    .unknownSetting, .badSetting, .noKernel, .unknownKernel, .unanswerable, .unusedName,
    .unreachable, .constantCondition, .valueDropped, .notSimulated, .tooLarge,
  ]
}
