import Glibc
import Graft

/// Waits for files to change, by inotify. Folders are watched, not files: an editor that saves by
/// rename puts a new file in the old one's place.
final class FolderWatch {
  private let descriptor: Int32
  private var folders: [Int32: String] = [:]

  /// Nil, with `errno`, when there is no inotify.
  init?(_ folders: Set<String>) {
    descriptor = inotify_init1(Int32(IN_CLOEXEC))
    guard descriptor >= 0 else { return nil }
    let mask = UInt32(IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CREATE)
    for folder in folders {
      let watch = inotify_add_watch(descriptor, folder, mask)
      if watch >= 0 { self.folders[watch] = folder }
    }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// The paths of what has changed, `folder/name`, once nothing more has changed for a moment;
  /// nil when somebody has asked for the end.
  func wait() -> Set<String>? {
    var changed: Set<String> = []
    while true {
      var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      // An editor writes several files, or one in several pieces.
      let count = poll(&waiting, 1, changed.isEmpty ? -1 : 50)
      if Interruption.isRequested { return nil }
      if count > 0 {
        changed.formUnion(read())
      } else if count == 0, !changed.isEmpty {
        return changed
      } else if count < 0, errno != EINTR {
        return nil
      }
    }
  }

  private func read() -> [String] {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
    var paths: [String] = []
    var offset = 0
    // An event: the watch, the mask, a cookie, the length of the name, the name.
    let headSize = 16
    while offset + headSize <= count {
      func word(_ index: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(buffer[offset + 4 * index + $1]) << UInt32(8 * $1) }
      }
      let length = Int(word(3))
      let name = buffer[(offset + headSize)..<min(count, offset + headSize + length)]
        .prefix { $0 != 0 }
      if let folder = folders[Int32(bitPattern: word(0))] {
        paths.append("\(folder)/\(String(decoding: name, as: UTF8.self))")
      }
      offset += headSize + length
    }
    return paths
  }
}

extension Batch {
  /// Runs, waits for a change, and runs again what it concerns; until Ctrl-C.
  func watch() throws -> Never {
    var known = try FileSelection(options.files).requests
    var sources = try perform(known).sources
    while !Interruption.isRequested {
      let folders = Set(
        (sources.values.flatMap { $0 } + known.map(\.path)).map(Self.folder)
          + options.files.filter(Self.isFolder).map(PathName.normalised).flatMap(Self.foldersBelow))
      guard let watch = FolderWatch(folders) else {
        Terminal.printError("graft: can't watch files: \(String(cString: strerror(errno)))\n")
        exitProcess(ExitStatus.usage.rawValue)
      }
      let files = known.count == 1 ? "1 file" : "\(known.count) files"
      Terminal.printError("watching \(files); Ctrl-C ends\n")
      guard let changed = watch.wait() else { break }
      // A file that is not there at the moment is being written.
      let now = (try? FileSelection(options.files).requests) ?? known
      let old = Set(known.map(\.path))
      let concerned = now.filter { request in
        !old.contains(request.path)
          || (sources[request.path] ?? [request.path]).contains {
            changed.contains("\(Self.folder($0))/\(Self.name($0))")
          }
      }
      known = now
      guard !concerned.isEmpty else { continue }
      Terminal.print("\n")
      sources.merge(try perform(concerned).sources) { $1 }
    }
    exitProcess(Interruption.exitStatus)
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  private static func foldersBelow(_ path: String) -> [String] {
    let entries = (try? FileTree.entries(of: path)) ?? []
    return [path]
      + entries.filter { $0.kind == .folder && !$0.name.hasPrefix(".") }
      .flatMap { foldersBelow(PathName.normalised("\(path)/\($0.name)")) }
  }

  private static func folder(_ path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func name(_ path: String) -> Substring {
    path.lastIndex(of: "/").map { path[path.index(after: $0)...] } ?? path[...]
  }
}
