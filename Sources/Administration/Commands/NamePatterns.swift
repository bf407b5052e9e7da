import Machine

extension CommandLine {
  /// The words, with each pattern replaced by the files that it means, in the order of their names.
  /// One that means none stays as it is, as in `bash`.
  func expanded(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> [String] {
    var result: [String] = []
    for (place, word) in words.enumerated() {
      guard patterns.contains(place), word.hasPrefix("/") else {
        result.append(word)
        continue
      }
      let found = Self.files(matching: word, machine, &row)
      result += found.isEmpty ? [word] : found
    }
    return result
  }

  private static func files(
    matching pattern: String, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> [String] {
    var paths = [""]
    for part in pattern.split(separator: "/").map(String.init) {
      var next: [String] = []
      for path in paths {
        guard part.contains(where: "*?[".contains) else {
          if case .success = FileNode.at(path + "/" + part, machine, &row) {
            next.append(path + "/" + part)
          }
          continue
        }
        guard case .success(.directory(let directory)) = FileNode.at(path + "/", machine, &row)
        else { continue }
        let wanted = LetterPattern(names: part)
        for name in directory.names(machine, &row).sorted() where wanted.matches(name) {
          next.append(path + "/" + name)
        }
      }
      paths = next
    }
    return paths
  }
}
