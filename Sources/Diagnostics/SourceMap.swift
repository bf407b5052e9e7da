/// The files of one compilation, and how each came in.
package struct SourceMap: Sendable {
  private var entries: [Entry] = []

  private struct Entry: Sendable {
    var text: SourceText
    /// The path of the `use` that brought this file in; nil for a root.
    var includedFrom: SourceRange?
  }

  package init() {}

  /// Adds a file. `includedFrom` is the range of the `use` that asked for it.
  package mutating func add(
    _ text: SourceText, includedFrom: SourceRange? = nil
  ) -> SourceFileID {
    entries.append(Entry(text: text, includedFrom: includedFrom))
    return SourceFileID(Int32(entries.count - 1))
  }

  package var files: [SourceFileID] { entries.indices.map { SourceFileID(Int32($0)) } }

  /// The text of a file, or an empty one for an identity that is not of this map.
  package subscript(file: SourceFileID) -> SourceText {
    let index = Int(file.index)
    guard entries.indices.contains(index) else { return SourceText(name: "<unknown>", "") }
    return entries[index].text
  }

  /// The `use`s that led to a file, the nearest first. Ends at a root, or after as many steps as
  /// there are files, should a cycle have got in.
  package func includeChain(of file: SourceFileID) -> [SourceRange] {
    var chain: [SourceRange] = []
    var current = file
    while chain.count < entries.count {
      let index = Int(current.index)
      guard entries.indices.contains(index), let use = entries[index].includedFrom else { break }
      chain.append(use)
      current = use.file
    }
    return chain
  }

  package func position(at offset: Int32, in file: SourceFileID) -> SourcePosition {
    self[file].position(at: offset)
  }
}
