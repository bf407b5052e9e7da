import Foundation
import Testing

/// The reports before judges that are not ours: an XML Schema, junitparser, jsonschema, PyYAML and
/// prove. `make test-tools` installs them.
@Suite struct ValidatorTests {
  /// A report of everything that a case can be.
  private func reports() throws -> BatchFolder {
    var text = BatchFolder.mixed
    for (number, name) in ReportFormTests.hostile.enumerated() {
      text += "scenario \"\(name) \(number)\" @x { report \"\(name)\", 1s ; assert in_progress }\n"
    }
    let folder = try BatchFolder([
      "a.graft": text, "b.graft": "scenario \"broken\" { var x = 0 ; x = 1 / x }\n",
      "c.graft": "scenario \"wrong\" { aply }\n",
      "d.graft": "scenario \"every\" in every schedule { always true }\n",
    ])
    _ = try folder.run(["run", "."] + BatchTests.reports)
    return folder
  }

  private func python(_ program: String, in folder: BatchFolder) throws -> GraftProcess.Outcome {
    try folder.shell("python3 - <<'END'\n\(program)\nEND")
  }

  private static var grammar: String { packageRoot.appending(path: "Grammar").path }

  @Test(.enabled(if: RequiredTool.python("xmlschema")))
  func junitFollowsItsSchema() throws {
    let folder = try reports()
    defer { folder.remove() }
    let run = try python(
      "import xmlschema\nxmlschema.XMLSchema('\(Self.grammar)/junit.xsd').validate('r.xml')",
      in: folder)
    #expect(run.status == 0, "\(run.complaint)")
  }

  @Test(.enabled(if: RequiredTool.python("junitparser")))
  func junitIsReadByOthers() throws {
    let folder = try reports()
    defer { folder.remove() }
    let run = try python(
      """
      from junitparser import JUnitXml, Failure, Error, Skipped
      report = JUnitXml.fromfile('r.xml')
      kinds = {}
      for suite in report:
          assert suite.tests == len(list(suite)), suite.name
          for case in suite:
              kind = case.result[0].__class__.__name__ if case.result else 'Passed'
              kinds[kind] = kinds.get(kind, 0) + 1
      assert report.failures == kinds['Failure'] and report.errors == kinds['Error']
      assert report.skipped == kinds['Skipped'] == 2
      print(sorted(kinds.items()))
      """, in: folder)
    #expect(run.status == 0, "\(run.complaint)")
    // "passes", "every" and two rows; two of the mixed and each hostile one fail.
    let failures = 2 + ReportFormTests.hostile.count
    #expect(
      run.output
        == "[('Error', 2), ('Failure', \(failures)), ('Passed', 4), ('Skipped', 2)]\n")
  }

  @Test(.enabled(if: RequiredTool.python("jsonschema")))
  func jsonFollowsItsSchema() throws {
    let folder = try reports()
    defer { folder.remove() }
    let run = try python(
      """
      import json, jsonschema
      schema = json.load(open('\(Self.grammar)/report.schema.json'))
      jsonschema.Draft202012Validator.check_schema(schema)
      jsonschema.validate(json.load(open('r.json')), schema)
      line = json.load(open('\(Self.grammar)/trace.schema.json'))
      for text in open('r.jsonl'):
          jsonschema.validate(json.loads(text), line)
      """, in: folder)
    #expect(run.status == 0, "\(run.complaint)")
  }

  @Test(.enabled(if: RequiredTool.command("prove")))
  func proveReadsTAP() throws {
    let folder = try reports()
    defer { folder.remove() }
    // The newest prove that Debian has does not know 14.
    _ = try folder.run(["run", ".", "--report-tap", "r.tap", "--tap-version", "13"])
    let run = try folder.shell("prove --exec cat r.tap")
    #expect(run.status == 1)
    #expect(!run.output.contains("Parse errors"), "\(run.output)\(run.complaint)")
    let failures = 2 + ReportFormTests.hostile.count + 2
    #expect(run.output.contains("Failed \(failures)/"), "\(run.output)")
    let good = try BatchFolder(passing: 3)
    defer { good.remove() }
    #expect(
      try good.shell(
        "prove --exec \"$GRAFT run --report-tap - --tap-version 13\" a 2>/dev/null"
      ).status == 0)
  }

  @Test(.enabled(if: RequiredTool.python("yaml")))
  func theDiagnosticsOfTAPAreYAML() throws {
    let folder = try reports()
    defer { folder.remove() }
    let run = try python(
      """
      import yaml
      block, blocks = None, []
      for line in open('r.tap', encoding='utf-8', newline='\\n').read().split('\\n'):
          if line == '  ---': block = []
          elif line == '  ...':
              blocks.append(yaml.safe_load('\\n'.join(block))); block = None
          elif block is not None:
              assert line == '' or line.startswith('  '), line
              block.append(line[2:])
      assert all(b['verdict'] in ('failed', 'broken', 'rejected') for b in blocks)
      assert all('E1001' in b['account'] for b in blocks if b['verdict'] == 'failed')
      print(len(blocks))
      """, in: folder)
    #expect(run.status == 0, "\(run.complaint)")
    #expect(run.output == "\(2 + ReportFormTests.hostile.count + 2)\n")
  }
}

/// What a test needs beside the toolchain. In CI nothing is missing: there a test that is left out
/// would look like one that passes.
enum RequiredTool {
  static func python(_ module: String) -> Bool { isThere("python3 -c 'import \(module)'") }
  static func command(_ name: String) -> Bool { isThere("command -v \(name)") }

  private static func isThere(_ command: String) -> Bool {
    if ProcessInfo.processInfo.environment["CI"] != nil { return true }
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", "\(command) >/dev/null 2>&1"]
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}
