import Foundation
import Testing

/// The prompt, typed at through a pseudo-terminal.
@Suite struct PromptTests {
  @Test(.enabled(if: RequiredTool.python("pexpect")))
  func aTerminalIsTypedAt() throws {
    let folder = try BatchFolder([:])
    defer { folder.remove() }
    let script = packageRoot.appending(path: "Tests/Prompt/prompt.py").path
    let run = try folder.shell("python3 '\(script)' \"$GRAFT\"")
    let lines = run.output.split(separator: "\n")
    let broken = lines.filter { $0.hasPrefix("FAIL") }
    #expect(run.status == 0 && broken.isEmpty, "\(broken) \(run.complaint)")
    #expect(lines.count { $0.hasPrefix("ok") } > 30, "\(run.output)")
  }
}
