import ArgumentParser
import Glibc
import Graft

struct NewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Start a scenario file, or a folder of them with its graft.toml.",
    discussion: """
      A path that ends in .graft is a scenario file; any other a folder. Nothing that is there is \
      written over.
      """)

  @Argument(help: ArgumentHelp("A file such as first.graft, or a folder.", valueName: "path"))
  var path: String

  func run() throws {
    let isFile = path.hasSuffix(FileSelection.suffix)
    guard access(path, F_OK) != 0 else {
      throw complaint(path, isFile ? "it is there already" : "it is there already; name a new one")
    }
    if isFile {
      try write(path, Template.scenario)
      return Terminal.print("\(escapingControls(path)): try it with\n  \(command(["run", path]))\n")
    }
    for folder in [path, "\(path)/scenarios"] {
      guard mkdir(folder, 0o755) == 0 else {
        throw complaint(folder, String(cString: strerror(errno)))
      }
    }
    try write("\(path)/graft.toml", Template.configuration)
    try write("\(path)/scenarios/first.graft", Template.scenario)
    Terminal.print(
      "\(escapingControls(path)): try it with\n  cd \(command([path]).dropFirst(6))"
        + " && graft run\n")
  }

  private func command(_ words: [String]) -> String { Failure.command(words) }

  private func write(_ path: String, _ text: String) throws {
    do throws(SourceReader.Failure) {
      let draft = try WholeFile.Draft(of: path)
      try draft.append(Array(text.utf8))
      try draft.publish()
    } catch {
      throw complaint(error.path, error.reason)
    }
  }

  private func complaint(_ path: String, _ reason: String) -> ExitCode {
    Terminal.printError("graft: can't make \(escapingControls("\(path): \(reason)"))\n")
    return ExitCode(ExitStatus.usage.rawValue)
  }
}

/// What `graft new` begins with. Both texts are run by a test.
enum Template {
  static let scenario = """
    # A sleeper keeps the old code until somebody wakes it.

    kernel "3.12.61-52-default" {
        queue packets
        fn verify() { return 1 }
        syscall recv() { wait packets; return verify() }
        syscall probe() { return verify() }
    }

    patch fix_verify {
        fn verify() { return 2 }
    }

    program server { loop { recv() } }
    program looper { loop { probe() } }

    scenario "a sleeper is new once it is woken" @first {
        let servers = spawn 2 of server
        sleep 10ms

        apply fix_verify
        sleep 1s
        assert in_progress

        wake packets
        await not in_progress within 10s
        assert every(t in servers: t.universe == new)
    }

    scenario "no call sees both universes" in every schedule @first {
        spawn looper
        never mixed
        apply fix_verify
        await not in_progress
    }

    """

  static let configuration = """
    # Options that `graft run` takes each time here; the command line has the last word.
    # Paths begin where this file is.

    [profile.default]
    files = ["scenarios"]
    # jobs = 4
    # tag = "not slow"

    # graft run --profile ci
    [profile.ci]
    report-junit = "junit.xml"
    report-json = "report.json"
    slowest = 5

    """
}
