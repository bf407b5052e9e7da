import Diagnostics
import Machine
import Syntax

/// Packages of the channel, and the disk that they are installed on.
extension Lowering {
  /// Whether the scenario has to do with the disk, and what the channel has. Each patch with a
  /// `package` clause is a version of a package; the members of a family have none.
  func findPackages() {
    // What the machine begins with hangs on what is declared, and on nothing that is done there.
    program.startsWithTools = index.channel.isEmpty
    program.writesTaint = survey.namesTaint && survey.writesFiles
    var usesDisk = survey.reboots
    for (listed, _) in survey.commands {
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
    disk.channel = index.channel.packages
    effort += disk.channel.count
    program.disk = disk
    program.bootModules = modulesToProbe.compactMap { moduleIDs[$0] }
  }

  /// The packages' patches have numbers now.
  func numberPackages() {
    guard program.disk != nil else { return }
    for (number, patch) in patches.enumerated() where patch.reference.member == nil {
      guard let place = index.channel.placeOfPatch[patch.reference.patch] else { continue }
      program.disk?.channel[place].patch = PatchID(number)
    }
  }

  /// The patches that a command may bring: all versions of the packages that it names, and of one
  /// that names none, or whose words only the run knows, all that there are.
  func packagedPatches(_ words: LiteralWords) -> Set<PatchReference> {
    let named = index.channel.patches(namedBy: words)
    let isUpdate = ["up", "update", "patch", "dup", "dist-upgrade"].contains(
      where: words.known.contains)
    let brings = isUpdate || words.known.contains("in") || words.known.contains("install")
    guard brings || !words.isComplete else { return [] }
    let all = !words.isComplete || (isUpdate && named.isEmpty)
    return Set((all ? index.channel.patches : named).map { PatchReference(patch: $0) })
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
