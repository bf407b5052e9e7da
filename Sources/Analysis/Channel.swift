import Machine
import Syntax

/// The packages that a text's patches come in: each patch with a `package` clause is a version of
/// one; the members of a family have none.
struct Channel: Sendable {
  /// In written order. Which patch a package brings, and whether it can, is each scenario's own.
  private(set) var packages: [ChannelPackage] = []
  /// The patches, in the same order.
  private(set) var patches: [String] = []
  /// Places in the list, by patch and by package.
  private(set) var placeOfPatch: [String: Int] = [:]
  private var placesOfPackage: [String: [Int]] = [:]
  /// Every version of a package, as `zypper install NAME-VERSION` has it.
  private var versions: Set<String> = []
  private var longestName = 0

  var isEmpty: Bool { packages.isEmpty }
  var names: [String] { packages.map(\.name) }

  init() {}

  init(of patches: [PatchIndex]) {
    // By number: there may be thousands of patches, and one is large.
    for number in patches.indices {
      guard patches[number].family == nil, let name = patches[number].packageName else { continue }
      add(patches[number], name)
    }
  }

  private mutating func add(_ patch: PatchIndex, _ name: String) {
    let version = patch.packageVersion ?? "1-1"
    let module = patch.moduleNames(of: PatchReference(patch: patch.name)).last ?? patch.name
    placeOfPatch[patch.name] = packages.count
    placesOfPackage[name, default: []].append(packages.count)
    versions.insert("\(name)-\(version)")
    longestName = max(longestName, name.utf8.count)
    patches.append(patch.name)
    packages.append(
      ChannelPackage(
        name: name, version: version, moduleName: module, fixes: patch.fixes, patch: nil))
  }

  /// Whether a word is a package, or a version of one.
  func has(_ word: String) -> Bool { placesOfPackage[word] != nil || versions.contains(word) }

  /// The patches whose package some word of a command names: `NAME`, `NAME-…`, `NAME=…`, or a
  /// pattern, which may mean any.
  func patches(namedBy words: LiteralWords) -> [String] {
    if words.known.contains(where: { $0.contains(where: "*?[".contains) }) { return patches }
    var places: Set<Int> = []
    for word in words.known {
      places.formUnion(placesOfPackage[word] ?? [])
      for end in word.utf8.indices.prefix(longestName + 1)
      where word.utf8[end] == UInt8(ascii: "-") || word.utf8[end] == UInt8(ascii: "=") {
        places.formUnion(placesOfPackage[String(word[..<end])] ?? [])
      }
    }
    return places.sorted().map { patches[$0] }
  }
}
