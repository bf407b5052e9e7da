import ArgumentParser
import Glibc
import Graft

/// Where `--trace` writes: a file that appears when it is whole, or standard output, or a pipe or
/// a device, which can't be written any other way than as it comes.
final class TraceFile {
  private enum Place {
    case draft(WholeFile.Draft)
    case stream(Int32)
  }

  private let path: String
  private let place: Place
  private var buffer: [UInt8] = []

  /// - Parameter sources: files that were read, and are not to be written over.
  init(_ path: String, sources: [String]) throws {
    self.path = path
    if path == "-" {
      place = .stream(STDOUT_FILENO)
      return
    }
    if Self.isStream(path) {
      let descriptor = open(path, O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else {
        throw Self.complaint(path, String(cString: strerror(errno)))
      }
      place = .stream(descriptor)
      return
    }
    guard !sources.contains(where: { Self.isSame($0, path) }) else {
      throw Self.complaint(path, "it is a scenario file of this run")
    }
    do throws(SourceReader.Failure) {
      place = .draft(try WholeFile.Draft(of: path))
    } catch {
      throw Self.complaint(path, error.reason)
    }
  }

  /// Writes a scenario's header, its events and its end.
  func add(_ record: RunRecord, of runner: ScenarioRunner, _ trace: Trace) throws {
    var trace = trace
    try write(trace.header(record))
    try runner.forEachPortionOfEvents(of: record) { events in
      for event in events { try write(trace.line(event)) }
    }
    try write(trace.end(record))
  }

  /// Everything has been written.
  func publish() throws {
    try flush()
    guard case .draft(let draft) = place else { return }
    do throws(SourceReader.Failure) {
      try draft.publish()
    } catch {
      throw Self.complaint(path, error.reason)
    }
  }

  private static let bufferSize = 1 << 16

  private func write(_ line: String) throws {
    buffer.append(contentsOf: line.utf8)
    if buffer.count >= Self.bufferSize { try flush() }
  }

  private func flush() throws {
    defer { buffer.removeAll(keepingCapacity: true) }
    switch place {
    case .draft(let draft):
      do throws(SourceReader.Failure) {
        try draft.append(buffer)
      } catch {
        throw Self.complaint(path, error.reason)
      }
    case .stream(let descriptor):
      guard !WholeFile.write(buffer, to: descriptor) else { return }
      // As for the report: a reader that has gone away is no error of ours.
      if errno == EPIPE { exitProcess(128 + SIGPIPE) }
      throw Self.complaint(path, String(cString: strerror(errno)))
    }
  }

  private static func isStream(_ path: String) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0 else { return false }
    return [S_IFCHR, S_IFIFO, S_IFSOCK].contains(status.st_mode & S_IFMT)
  }

  private static func isSame(_ left: String, _ right: String) -> Bool {
    var (first, second) = (stat(), stat())
    guard stat(left, &first) == 0, stat(right, &second) == 0 else { return false }
    return first.st_dev == second.st_dev && first.st_ino == second.st_ino
  }

  private static func complaint(_ path: String, _ reason: String) -> ExitCode {
    Terminal.printError("graft: can't write \(escapingControls(path)): \(reason)\n")
    return ExitCode(ExitStatus.usage.rawValue)
  }
}
