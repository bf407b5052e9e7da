import Glibc

/// Names of files as reports show them: one name for one file, however it was typed, so that it
/// stays what it is with another spelling or in another checkout.
enum PathName {
  /// Without `.`, doubled strokes and `..`, and from the folder at hand where the file lies below
  /// it. A `..` behind a symbolic link stays: what it leads to is not what the text says.
  static func normalised(_ path: String) -> String {
    guard !path.isEmpty, path != "-" else { return path }
    let tidy = tidied(path)
    let name = tidy == path || !path.contains("..") || isSame(tidy, path) ? tidy : path
    let short = name.hasPrefix("/") ? fromHere(name) ?? name : name
    // It is printed to be typed, and is no option.
    return short.hasPrefix("-") ? "./" + short : short
  }

  /// By the text alone.
  static func tidied(_ path: String) -> String {
    let isAbsolute = path.hasPrefix("/")
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." {
        parts.removeLast()
      } else if part != ".." || !isAbsolute {
        parts.append(part)
      }
    }
    let name = (isAbsolute ? "/" : "") + parts.joined(separator: "/")
    return name.isEmpty ? "." : name
  }

  private static func fromHere(_ path: String) -> String? {
    guard let here = real("."), here != "/" else { return nil }
    if path == here { return "." }
    if path.hasPrefix(here + "/") { return String(path.dropFirst(here.count + 1)) }
    // The folder at hand may have another name, by a link.
    guard let cut = path.lastIndex(of: "/"), cut != path.startIndex,
      let folder = real(String(path[..<cut]))
    else { return nil }
    let name = path[path.index(after: cut)...]
    if folder == here { return String(name) }
    guard folder.hasPrefix(here + "/") else { return nil }
    return "\(folder.dropFirst(here.count + 1))/\(name)"
  }

  /// Where a path leads when all links are followed.
  static func real(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  private static func isSame(_ left: String, _ right: String) -> Bool {
    var (first, second) = (stat(), stat())
    guard stat(left, &first) == 0, stat(right, &second) == 0 else { return false }
    return first.st_dev == second.st_dev && first.st_ino == second.st_ino
  }
}
