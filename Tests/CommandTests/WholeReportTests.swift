import Foundation
import Testing

/// Whatever happens to a batch, no report stands under its name that is not whole.
@Suite struct WholeReportTests {
  /// What stands in the folder beside the scenarios, after a while, when graft was killed.
  @Test func aKilledBatchLeavesNoReport() throws {
    let folder = try BatchFolder(passing: 200)
    defer { folder.remove() }
    try folder.scratch.write("old.xml", "old")
    for delay in ["0.02", "0.05", "0.1", "0.2"] {
      let run = try folder.shell(
        "timeout --signal=KILL \(delay) \"$GRAFT\" run a --repeat 2000"
          + " --report-junit old.xml --report-json new.json --report-tap new.tap")
      #expect(run.status != 0)
      #expect(try folder.text("old.xml") == "old")
      let left = try FileManager.default.contentsOfDirectory(
        atPath: folder.scratch.folder.path)
      #expect(left.sorted() == ["a", "old.xml"], "after \(delay) s")
    }
  }

  @Test(arguments: ["junit", "tap", "json", "html", "trace"])
  func aFullDeviceIsOneAndSaysSo(_ form: String) throws {
    let folder = try BatchFolder(passing: 3)
    defer { folder.remove() }
    let run = try folder.run(["run", "a", "--report-\(form)", "/dev/full"])
    #expect(run.status == 1)
    #expect(run.complaint == "graft: can't write /dev/full: No space left on device\n")
  }

  /// The others are written, everything is run, and a failure is one.
  @Test func oneReportThatCannotBeWrittenTakesNoOtherAlong() throws {
    let folder = try BatchFolder(passing: 200)
    defer { folder.remove() }
    let words = ["a", "--report-json", "/dev/full", "--report-junit", "out/deep/r.xml"]
    let run = try folder.run(["run"] + words)
    #expect(run.status == 1)
    #expect(run.complaint == "graft: can't write /dev/full: No space left on device\n")
    #expect(run.output.hasSuffix("200 scenarios: 200 passed\n"))
    #expect(try folder.text("out/deep/r.xml").contains("tests=\"200\""))
    try folder.scratch.write("b.graft", "scenario \"b\" { assert in_progress }\n")
    let failed = try folder.run(["run", "b.graft"] + words)
    #expect(failed.status == 4)
    #expect(failed.output.hasSuffix("201 scenarios: 200 passed, 1 failed\n"))
  }

  @Test func aFullOutputIsOneAndSaysSo() throws {
    let folder = try BatchFolder(passing: 3)
    defer { folder.remove() }
    let run = try folder.shell("\"$GRAFT\" run a --report-json r.json >/dev/full")
    #expect(run.status == 1)
    #expect(run.complaint.contains("can't write the output: No space left on device"))
    #expect(!folder.exists("r.json"))
  }

  @Test func aReaderThatGoesAwayEndsTheBatchQuietly() throws {
    let folder = try BatchFolder(passing: 300)
    defer { folder.remove() }
    let run = try folder.shell(
      "{ \"$GRAFT\" run a --report-junit r.xml; echo $? >status; } | head -n 1")
    #expect(run.output.contains("PASS"))
    #expect(run.complaint == "")
    // 128 and the number of SIGPIPE.
    #expect(try folder.text("status") == "141\n")
    #expect(!folder.exists("r.xml"))
  }

  @Test func aFolderThatIsNotThereIsOne() throws {
    let folder = try BatchFolder(passing: 1)
    defer { folder.remove() }
    for (path, reason) in [
      ("/proc/nowhere/r.xml", "No such file or directory"),
      ("a/0.graft/r.xml", "Not a directory"),
      ("a", "it is no regular file, and stays as it is"),
      ("a/0.graft", "it is a scenario file of this run"),
    ] {
      let run = try folder.run(["run", "a", "--report-junit", path])
      #expect(run.status == 1, "\(path)")
      #expect(run.complaint == "graft: can't write \(path): \(reason)\n")
      #expect(run.output == "")
    }
    #expect(try folder.text("a/0.graft") == BatchFolder.passing(0))
  }

  /// A small file system that is full before the report is.
  @Test(.enabled(if: canMount)) func aFullFileSystemLeavesTheOldReport() throws {
    let folder = try BatchFolder(passing: 400)
    defer { folder.remove() }
    let run = try folder.shell(
      """
      mkdir small && mount -t tmpfs -o size=16k tmpfs small || exit 99
      echo old >small/r.json
      "$GRAFT" run a -q --report-json small/r.json; status=$?
      cat small/r.json; ls -A small
      umount small
      exit $status
      """)
    #expect(run.status == 1)
    #expect(run.complaint == "graft: can't write small/r.json: No space left on device\n")
    #expect(run.output == "400 scenarios: 400 passed\nold\nr.json\n")
  }

  @Test func aReadOnlyFolderIsOne() throws {
    let folder = try BatchFolder(passing: 1)
    defer { folder.remove() }
    // /proc takes no files, whoever asks.
    let run = try folder.run(["run", "a", "--report-json", "/proc/r.json"])
    #expect(run.status == 1)
    #expect(run.complaint == "graft: can't write /proc/r.json: No such file or directory\n")
  }

  /// The reason is the system's own, whoever asks.
  @Test(.enabled(if: canMount)) func aReadOnlyFileSystemIsNamed() throws {
    let folder = try BatchFolder(["fixed/s.graft": BatchFolder.passing(1)])
    defer { folder.remove() }
    let run = try folder.shell(
      """
      mkdir small && mount -t tmpfs -o size=64k tmpfs small && cp fixed/s.graft small || exit 99
      mount -o remount,ro small
      "$GRAFT" run small -q --report-junit small/r.xml; echo $?
      "$GRAFT" run small -q --update; echo $?
      "$GRAFT" new small/x.graft; echo $?
      umount small
      """)
    #expect(
      run.complaint == """
        graft: can't write small/r.xml: Read-only file system
        graft: can't write small/s.graft.expected: Read-only file system
        graft: can't make small/x.graft: Read-only file system

        """)
    #expect(run.output == "1\n1 scenario: 1 passed\n1\n1\n")
  }

  @Test func aSizeLimitIsAnErrorOfWriting() throws {
    let folder = try BatchFolder(passing: 60)
    defer { folder.remove() }
    let run = try folder.shell(
      "ulimit -f 4; \"$GRAFT\" run a -q --report-json r.json --report-tap small.tap")
    #expect(run.status == 1)
    #expect(run.complaint == "graft: can't write r.json: File too large\n")
    #expect(folder.exists("small.tap") && !folder.exists("r.json"))
  }

  /// Mounting takes root, and a namespace that lets it.
  static let canMount: Bool = {
    guard getuid() == 0, let folder = try? BatchFolder([:]) else { return false }
    defer { folder.remove() }
    let run = try? folder.shell("mkdir m && mount -t tmpfs tmpfs m && umount m")
    return run?.status == 0
  }()
}

extension BatchFolder {
  /// A shell command in this folder; `$GRAFT` is the program.
  func shell(_ command: String) throws -> GraftProcess.Outcome {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", command]
    process.currentDirectoryURL = scratch.folder
    process.environment = [
      "GRAFT": GraftProcess.executable.path,
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
      "XDG_STATE_HOME": scratch.folder.path + "/state",
    ]
    let folder = try Scratch()
    defer { folder.remove() }
    let output = try folder.write("output", "")
    let complaint = try folder.write("complaint", "")
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: complaint)
    try process.run()
    process.waitUntilExit()
    return GraftProcess.Outcome(
      status: process.terminationStatus,
      output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
      complaint: String(decoding: try Data(contentsOf: complaint), as: UTF8.self))
  }
}
