import Machine

/// Packages go: a step for each. The running kernel stays as it is, and so does the initrd, until
/// somebody makes it anew and starts the machine again (the manual, section 3).
struct Removal {
  private struct Item {
    var change: DiskChange
    var name: String
    var isThere: Bool
  }

  /// Of each package all versions, so that an item's place does not depend on which one is there.
  private var items: [Item] = []
  /// How many go if each of the words is the name of something that is there.
  private var expected = 0

  /// - Parameter words: names of packages; the one with the scripts takes all others along, for
  ///   they need it.
  init(_ database: PackageDatabase, _ words: [String]) {
    let takesAll = words.contains(PackageDatabase.tools)
    for package in database.channel where takesAll || words.contains(package.name) {
      guard let patch = package.patch else { continue }
      let isThere = database.isInstalled(package)
      items.append(Item(change: .remove(patch), name: package.fullName, isThere: isThere))
    }
    expected = takesAll ? 0 : Set(words).count
    guard takesAll else { return }
    items.append(
      Item(
        change: .removeTools, name: PackageDatabase.toolsFullName, isThere: database.hasTools))
  }

  /// Names of what is there to go.
  var names: [String] { items.filter(\.isThere).map { String($0.name.dropLast(".x86_64".count)) } }

  /// - Parameters:
  ///   - progress: 0 at first; later the next place to look at, and above it how many are gone.
  ///   - header: what is said before the first one is gone; nil: nothing is ever said.
  func deed(_ progress: Int, header: String?) -> CommandAct {
    let (from, gone) = (progress % Self.base, progress / Self.base)
    let left = items.indices.filter { $0 >= from && items[$0].isThere }
    guard let place = left.first else { return CommandAct(next: .ends(end(gone))) }
    var printed = ""
    if let header {
      let name = items[place].name.dropLast(".x86_64".count)
      let line = "(\(gone + 1)/\(gone + left.count)) Removing \(name) ......[done]\n"
      printed = (progress == 0 ? header : "") + line
    }
    return CommandAct(
      items[place].change, printed: printed,
      next: left.count == 1
        ? .ends(end(gone + 1)) : .goesOn(progress: (gone + 1) * Self.base + place + 1))
  }

  /// Who has named something that is not there is told so at the end, too (`zypper`'s 104).
  private func end(_ gone: Int) -> CommandStatus {
    gone < expected ? .failed(.ENOENT, exit: 104) : .success
  }

  private static let base = 1 << 12
}

extension CommandAct {
  init(_ change: DiskChange, printed: String, next: Next) {
    self.init(.disk(change), printed: printed, next: next)
  }
}
