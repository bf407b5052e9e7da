import ArgumentParser
import Glibc
import Graft

/// From the words of a command line to the files that they mean, each of them once, in the order
/// in which it was first named; what stands in a folder in the order of its bytes.
struct FileSelection {
  private(set) var requests: [FileRequest] = []
  /// Snapshots in the folders that were named whose scenario file is not there.
  private(set) var orphans: [String] = []
  private var places: [String: Int] = [:]

  /// What a scenario file's name ends in.
  static let suffix = ".graft"

  /// Another name of `-`.
  static let standardInput = "/dev/stdin"

  /// - Parameter words: files, folders, patterns, `FILE::NAME`, `FILE:LINE`, `-`.
  init(_ words: [String]) throws {
    for word in words { try add(word) }
  }

  private mutating func add(_ word: String) throws {
    let (path, pick) = Self.split(word)
    if path == "-" || path == Self.standardInput { return try addStandardInput(pick) }
    var status = stat()
    if stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFDIR else { return take(path, pick) }
      return try addFolder(path, pick)
    }
    let reason = String(cString: strerror(errno))
    guard PathPattern.isPattern(path) else { throw Self.complaint(path, reason, .usage) }
    let found = PathPattern(path).expanded().filter {
      stat($0, &status) == 0
        && ($0.hasSuffix(Self.suffix) || status.st_mode & S_IFMT == S_IFDIR)
    }
    guard !found.isEmpty else {
      throw Self.complaint(path, "no scenario file matches it", .nothingSelected)
    }
    for path in found {
      if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
        try addFolder(path, pick)
      } else {
        let isLink = lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
        take(path, pick, refusal: isLink ? ScenarioRoot(forFile: path).refusal(of: path) : nil)
      }
    }
  }

  private mutating func addFolder(_ path: String, _ pick: FileRequest.Pick?) throws {
    if case .line = pick {
      throw Self.complaint(path, "it is a folder, and has no lines", .usage)
    }
    var files: [String] = []
    var links: Set<String> = []
    var snapshots: [String] = []
    do throws(SourceReader.Failure) {
      try FileTree.visit(path) { file, isLink in
        if file.hasSuffix(Self.suffix) { files.append(file) }
        if isLink { links.insert(file) }
        if file.hasSuffix(Self.suffix + SnapshotKeeper.suffix) { snapshots.append(file) }
      }
    } catch {
      throw Self.complaint(error.path, error.reason, .usage)
    }
    guard !files.isEmpty else {
      throw Self.complaint(
        path, "no file in it ends in \(Self.suffix)", .nothingSelected)
    }
    let root = links.isEmpty ? nil : ScenarioRoot(forFolder: path)
    for file in FileTree.sorted(files) {
      take(file, pick, refusal: links.contains(file) ? root?.refusal(of: file) : nil)
    }
    orphans += FileTree.sorted(snapshots).filter {
      access(String($0.dropLast(SnapshotKeeper.suffix.count)), F_OK) != 0
    }.map(PathName.normalised)
  }

  private mutating func addStandardInput(_ pick: FileRequest.Pick?) throws {
    if places["-"] == nil {
      do throws(SourceReader.Failure) {
        let bytes = try SourceReader.read("-")
        take("-", pick)
        requests[requests.count - 1].bytes = bytes
      } catch {
        throw Self.complaint("standard input", error.reason, .usage)
      }
    } else {
      take("-", pick)
    }
  }

  /// - Parameter refusal: why it isn't to be read, unless it is named by itself.
  private mutating func take(
    _ path: String, _ pick: FileRequest.Pick?, refusal: String? = nil
  ) {
    let path = PathName.normalised(path)
    guard let place = places[path] else {
      places[path] = requests.count
      requests.append(FileRequest(path: path, picks: pick.map { [$0] } ?? [], refusal: refusal))
      return
    }
    if refusal == nil { requests[place].refusal = nil }
    // All of it, once asked for, stays all of it.
    guard !requests[place].picks.isEmpty else { return }
    if let pick {
      if !requests[place].picks.contains(pick) { requests[place].picks.append(pick) }
    } else {
      requests[place].picks = []
    }
  }

  /// `FILE::NAME` is cut at the first `::` that a file stands before, `FILE:LINE` before the
  /// number, unless there is a file of that whole name; where there is no such file, at the first.
  static func split(_ word: String) -> (path: String, pick: FileRequest.Pick?) {
    if word == standardInput || access(word, F_OK) == 0 { return (word, nil) }
    let bytes = Array(word.utf8)
    let colon = UInt8(ascii: ":")
    func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
    var first: (path: String, pick: FileRequest.Pick?)?
    for index in bytes.indices.dropLast() where bytes[index] == colon && bytes[index + 1] == colon {
      let cut = (
        path: text(bytes[..<index]), pick: FileRequest.Pick.name(text(bytes[(index + 2)...]))
      )
      if access(cut.path, F_OK) == 0 { return cut }
      if first == nil { first = cut }
    }
    if let (path, line) = cutNumber(bytes[...]) {
      // `FILE:LINE:COLUMN`, as diagnostics say it.
      let (whole, number) = cutNumber(path) ?? (path, line)
      if first == nil || access(text(whole), F_OK) == 0 { return (text(whole), .line(number)) }
    }
    // A folder of such a name, with a pattern in it.
    if let first, !first.path.hasSuffix(suffix), !PathPattern.isPattern(first.path),
      PathPattern.isPattern(word)
    {
      return (word, nil)
    }
    return first ?? (word, nil)
  }

  /// What stands before the last colon, and the number behind it.
  private static func cutNumber(
    _ bytes: ArraySlice<UInt8>
  ) -> (ArraySlice<UInt8>, Int)? {
    guard let last = bytes.lastIndex(of: UInt8(ascii: ":")), last > 0,
      let number = Int(String(decoding: bytes[(last + 1)...], as: UTF8.self)), number > 0
    else { return nil }
    return (bytes[..<last], number)
  }

  /// Whether a word means standard input, or a scenario of it.
  static func isStandardInput(_ word: String) -> Bool {
    let path = split(word).path
    return path == "-" || path == standardInput
  }

  static func complaint(_ path: String, _ reason: String, _ status: ExitStatus) -> ExitCode {
    let verb = status == .usage ? "can't read " : ""
    Terminal.printError("graft: \(verb)\(escapingControls("\(path): \(reason)"))\n")
    return ExitCode(status.rawValue)
  }
}
