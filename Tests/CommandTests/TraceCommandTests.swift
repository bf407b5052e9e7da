import Foundation
import Graft
import Testing

/// `--trace`, as a program that reads it meets it; and its documentation.
///
/// `GRAFT_REWRITE=1 swift test --filter TraceCommandTests` writes the table of kinds anew.
@Suite struct TraceCommandTests {
  static let page = packageRoot.appending(path: "Grammar/trace-format.md")
  static let experiment = "Scenarios/manual/central-experiment.graft"

  typealias Line = [String: Any]

  private static func lines(_ text: String) throws -> [Line] {
    try text.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? Line)
    }
  }

  @Test func theTableOfKindsIsThatOfTheCode() throws {
    let text = try String(contentsOf: Self.page, encoding: .utf8)
    let begin = "<!-- table: trace kinds -->\n"
    let start = try #require(text.range(of: begin))
    let end = try #require(text.range(of: "<!-- end -->", range: start.upperBound..<text.endIndex))
    var anew = text
    anew.replaceSubrange(start.upperBound..<end.lowerBound, with: TraceKind.table + "\n")
    if ProcessInfo.processInfo.environment["GRAFT_REWRITE"] != nil {
      try anew.write(to: Self.page, atomically: true, encoding: .utf8)
    } else {
      #expect(anew == text, "the table of Grammar/trace-format.md is not up to date")
    }
  }

  @Test func theSchemaIsJSONOfTheSameVersion() throws {
    let schema = packageRoot.appending(path: "Grammar/trace.schema.json")
    let text = try String(contentsOf: schema, encoding: .utf8)
    _ = try JSONSerialization.jsonObject(with: Data(text.utf8))
    #expect(text.contains("\"const\": \"\(Trace.schema)\""))
    #expect(text.contains("\"const\": \(Trace.version)"))
  }

  @Test func aRunIsWrittenWhole() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let file = scratch.folder.appending(path: "trace.jsonl")
    let run = try GraftProcess.run(
      ["run", Self.experiment, "--trace", file.path], in: packageRoot)
    #expect(run.status == 0)
    #expect(run.output.contains("PASS"))
    let lines = try Self.lines(try String(contentsOf: file, encoding: .utf8))
    let headers = lines.filter { $0["schema"] as? String == "graft-trace" }
    let ends = lines.filter { $0["kind"] as? String == "end" }
    #expect(headers.count == ends.count)
    #expect(headers.allSatisfy { $0["version"] as? Int == 1 })
    #expect(headers.first?["generation"] as? String == "3.12")
    #expect(headers.first?["seed"] as? Int == 0)
    let counted = ends.compactMap { $0["events"] as? Int }.reduce(0, +)
    #expect(counted == lines.count - headers.count - ends.count)
    #expect(ends.allSatisfy { $0["outcome"] as? String == "passed" })
    // The manual's experiment: sleepers leave the old universe through the kernel's exit.
    let migrated = lines.filter { $0["kind"] as? String == "migrated" }
    #expect(migrated.contains { $0["by"] as? String == "kernel_exit" })
    #expect(migrated.allSatisfy { $0["pid"] is Int && $0["task"] is String })
    // Nothing but the trace itself is left in the folder.
    let left = try FileManager.default.contentsOfDirectory(atPath: scratch.folder.path)
    #expect(left == ["trace.jsonl"])
  }

  @Test func standardOutputIsTheTracesAlone() throws {
    let run = try GraftProcess.run(["run", Self.experiment, "--trace", "-"], in: packageRoot)
    #expect(run.status == 0)
    #expect(try !Self.lines(run.output).isEmpty)
    #expect(run.complaint.contains("PASS"))
  }

  @Test func aSearchIsToldByItsWitness() throws {
    let window = "Scenarios/kgraft/immutable-window.graft"
    let run = try GraftProcess.run(
      ["run", window, "--break", "immutable-window", "--trace", "-"], in: packageRoot)
    #expect(run.status == 4)
    let lines = try Self.lines(run.output)
    #expect((lines.first?["replay"] as? String)?.hasPrefix(ReplayToken.version) == true)
    #expect(lines.dropFirst().dropLast().allSatisfy { $0["time"] == nil })
    #expect(lines.last?["outcome"] as? String == "failed")
    #expect(lines.last?["code"] as? String == "E1003")
  }

  @Test func theSameRunIsTheSameTrace() throws {
    let arguments = ["run", Self.experiment, "--trace", "-", "--seed", "7"]
    let first = try GraftProcess.run(arguments, in: packageRoot)
    #expect(first.output == (try GraftProcess.run(arguments, in: packageRoot)).output)
  }

  @Test func aScenarioFileIsNotWrittenOver() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let file = try scratch.write("s.graft", "scenario \"s\" { sleep 1ms }\n")
    let run = try GraftProcess.run(["run", file.path, "--trace", file.path])
    #expect(run.status == 1)
    #expect(run.complaint.contains("it is a scenario file of this run"))
    #expect(try scratch.text("s.graft") == "scenario \"s\" { sleep 1ms }\n")
  }

  @Test(arguments: ["/proc/nonexistent/trace.jsonl", "/"])
  func whereNothingCanBeWrittenIsOne(path: String) throws {
    let run = try GraftProcess.run(["run", Self.experiment, "--trace", path], in: packageRoot)
    #expect(run.status == 1)
    #expect(run.complaint.contains("can't write \(path)"))
  }
}
