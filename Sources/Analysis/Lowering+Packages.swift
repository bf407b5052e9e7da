import Diagnostics
import Machine
import Syntax

/// Packages of the channel, and the disk that they are installed on.
extension Lowering {
  /// Whether the scenario has to do with the disk, and what the channel has. Each patch with a
  /// `package` clause is a version of a package; the members of a family have none.
  func findPackages() {
    // What the machine begins with hangs on what is declared, and on nothing that is done there.
    program.startsWithTools = packages.isEmpty
    program.writesTaint = scenario.survey.namesTaint && scenario.survey.writesFiles
    var usesDisk = scenario.survey.reboots
    for (listed, _) in scenario.survey.commands {
      guard let known = listed.words.name else {
        // Whatever it is going to be.
        usesDisk = usesDisk || !checked.commands.isEmpty
        continue
      }
      guard let command = checked.command(named: known) else { continue }
      if command.usesDisk { usesDisk = true }
    }
    guard usesDisk else { return }
    var disk = Disk()
    disk.channel = packages.map { patch in
      ChannelPackage(
        name: patch.packageName ?? "", version: patch.packageVersion ?? "1-1",
        moduleName: patch.moduleNames(of: PatchReference(patch: patch.name)).last ?? patch.name,
        fixes: patch.fixes, patch: nil)
    }
    program.disk = disk
    program.bootModules = modulesToProbe.compactMap { moduleIDs[$0] }
  }

  /// The packages' patches have numbers now.
  func numberPackages() {
    guard program.disk != nil else { return }
    for (place, patch) in packages.enumerated() {
      program.disk?.channel[place].patch = patchID(PatchReference(patch: patch.name))
    }
  }

  private var packages: [PatchIndex] {
    // By number: there may be thousands of patches, and one is large.
    index.patches.indices.filter {
      index.patches[$0].packageName != nil && index.patches[$0].family == nil
    }.map { index.patches[$0] }
  }

  /// The patches that a command may bring: all versions of the packages that it names, and of one
  /// that names none, or whose words only the run knows, all that there are.
  func packagedPatches(_ words: LiteralWords) -> Set<PatchReference> {
    let named = packages.filter { words.mentions(package: $0.packageName ?? "") }
    let isUpdate = ["up", "update", "patch", "dup", "dist-upgrade"].contains(
      where: words.known.contains)
    let brings = isUpdate || words.known.contains("in") || words.known.contains("install")
    guard brings || !words.isComplete else { return [] }
    let all = !words.isComplete || (isUpdate && named.isEmpty)
    return Set((all ? packages : named).map { PatchReference(patch: $0.name) })
  }

  func lowerReboot(_ node: VerbStatement, _ range: SourceRange) {
    guard checked.commands.contains(where: { $0.name == "reboot" }) else {
      return missing("reboot", range)
    }
    let line = builder.allocate()
    emitLoad(intern("reboot"), into: line)
    let status = emitCommand(at: line, printed: Instruction.noRegister)
    requireStatus(status, node.failure, range, verb: "reboot")
  }
}
