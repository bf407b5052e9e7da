import Administration
import Execution
import Machine
import Patching
import Testing

/// Every directory tells the truth: what it lists is there, and each file can be read, or says why
/// not.
@Suite struct FileTreeTests {
  static let text =
    TaskFileTests.current + """
      scenario "s" {
        spawn pair
        spawn parent
        sleep 10ms
        apply fix
        sleep 1s
      }
      """

  private func walk(
    _ path: String, _ machine: Machine, _ row: inout MutableSpan<UInt64>, _ seen: inout [String]
  ) {
    guard case .success(let node) = FileNode.at(path, followsLast: false, machine, &row) else {
      Issue.record("\(path) is listed, and not there")
      return
    }
    switch node {
    case .link(_, let target):
      if case .failure = FileNode.at(target, machine, &row) { Issue.record("\(path) hangs") }
    case .file(let file):
      seen.append(path)
      if case .failure(let error) = file.read(machine, &row) {
        #expect(error == .errno(.EACCES), "\(path)")
        #expect(file.mode & 0o444 == 0)
      }
    case .directory(let directory):
      let names = directory.names(machine, &row)
      #expect(Set(names).count == names.count, "\(path) lists something twice")
      for name in names { walk((path == "/" ? "" : path) + "/" + name, machine, &row, &seen) }
    }
  }

  @Test func whatIsListedIsThere() throws {
    let scenario = try #require(try ScenarioTexts.scenarios(Self.text).first)
    let machine = Machine(
      program: scenario.program, engine: KGraft(rules: scenario.rules), time: .kept)
    var session = Session(machine: machine, schedule: .seed(0), limits: .ci)
    _ = session.run()
    let seen = session.look { machine, row, _ in
      var seen: [String] = []
      walk("/", machine, &row, &seen)
      return seen
    }
    for path in [
      "/proc/1/stack", "/proc/10/stat", "/proc/100/task/102/comm", "/proc/103/status",
      "/sys/kernel/kgraft/fix/revert", "/sys/module/ext4/taint",
    ] { #expect(seen.contains(path), "\(path)") }
  }
}
