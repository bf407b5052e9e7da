/// What an administrator types after `$`: one entry of the table that the program carries, so that
/// a searched scenario may load a module without the search knowing what a command is.
package struct ShellCommand: Sendable {
  /// How a command begins. One that only looks at the world has ended with that, whatever it has
  /// looked at: its reads are one step.
  package typealias Start =
    @Sendable (
      _ line: CommandLine, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
      _ workspace: Workspace
    ) -> CommandStart
  /// What it does next, of a command that acts itself; 0 is its first deed. The answer is what came
  /// of the last one, if somebody else did it.
  package typealias Act =
    @Sendable (
      _ line: CommandLine, _ progress: Int, _ answer: Errno?, _ machine: Machine,
      _ row: inout MutableSpan<UInt64>
    ) -> CommandAct
  /// What it has printed when somebody else has ended it. Lines end in a newline.
  package typealias Output =
    @Sendable (
      _ line: CommandLine, _ status: CommandStatus, _ machine: Machine,
      _ row: inout MutableSpan<UInt64>
    ) -> String

  /// What it makes of the text that a `|` hands it; nil: it does not read any.
  package typealias Filter =
    @Sendable (_ line: CommandLine, _ input: String) -> (CommandStatus, String)?
  /// What comes of a command that others read, or whose output goes elsewhere.
  package typealias Pipe =
    @Sendable (
      _ line: CommandLine, _ status: CommandStatus, _ output: String, _ machine: Machine,
      _ row: inout MutableSpan<UInt64>, _ workspace: Workspace
    ) -> (CommandStatus, String)

  /// What it has against a line whatever the world is like: an option that it does not know, an
  /// operand too many. Nil: nothing.
  package typealias Objection = @Sendable (_ line: CommandLine) -> String?
  /// The paths of the files that it reads or writes.
  package typealias Paths = @Sendable (_ line: CommandLine) -> [String]

  package let name: String
  /// As the manual page has it: `insmod FILE`.
  package let usage: String
  /// One line.
  package let help: String
  /// What its operands are, for the checks before the run.
  package let operands: Operands
  /// Whether it reads or changes what lies on the disk, or starts the machine anew.
  package let usesDisk: Bool
  /// Whether it reads the kernel's log, which a search does not keep.
  package let readsLog: Bool
  package let objection: Objection
  package let paths: Paths
  package var start: Start
  package var act: Act?
  package var output: Output
  package var filter: Filter?
  package var pipe: Pipe?

  /// A word that a command knows, and what it does with it.
  package struct Word: Sendable, Hashable {
    package let name: String
    package let help: String

    package init(_ name: String, _ help: String) {
      self.name = name
      self.help = help
    }
  }

  package enum Operands: Sendable, Hashable {
    /// One module, by its name or its file; of these names of options at the most one before it.
    /// It comes or goes by that, or is only asked about.
    case module(options: [String], isChanged: Bool = true)
    /// Packages of the channel, behind a subcommand.
    case packages
    /// One of these words, and options.
    case word([Word])
    /// Whatever is typed: the command itself says what is wrong with it.
    case anything
    /// Nothing is known of them: the command is not simulated yet.
    case unknown
  }

  /// Its operands are its own affair: no module is among them.
  package var takesAnything: Bool {
    switch operands {
    case .anything, .word, .packages: true
    case .module, .unknown: false
    }
  }

  package var isSimulated: Bool { operands != .unknown }

  package init(
    name: String, usage: String, help: String, operands: Operands, usesDisk: Bool = false,
    readsLog: Bool = false, objection: @escaping Objection = { _ in nil },
    paths: @escaping Paths = { _ in [] },
    start: @escaping Start = { _, _, _, _ in .ended(.failed(.ENOENT)) }, act: Act? = nil,
    output: @escaping Output = { _, _, _, _ in "" }
  ) {
    self.name = name
    self.usage = usage
    self.help = help
    self.operands = operands
    self.usesDisk = usesDisk
    self.readsLog = readsLog
    self.objection = objection
    self.paths = paths
    self.start = start
    self.act = act
    self.output = output
  }
}

/// What a command does first.
package enum CommandStart: Sendable, Hashable {
  /// It is done, and has printed that: nothing of it takes a step.
  case ended(CommandStatus, String = "")
  /// A process of the machine does it; the operator waits for its end.
  case process(FunctionID)
  /// It is a request to the patching engine, as inserting a patch's module is one to apply it.
  case request(EngineRequest)
  /// It acts itself, a deed a step.
  case acts
  /// It would tell the time, or read the log, where rows hold none.
  case lacks(Missing)

  package enum Missing: Sendable, Hashable { case clock, log }
}

/// One deed of a command.
package struct CommandAct: Sendable, Hashable {
  package enum Deed: Sendable, Hashable {
    case nothing
    case signal(Signal, TaskSlot)
    case disk(DiskChange)
    /// The machine starts anew.
    case restart
    /// Others do these, and what comes of it is the next deed's `answer`. It can't be a command's
    /// first, and prints nothing.
    case request(EngineRequest)
    case process(FunctionID)
  }

  package enum Next: Sendable, Hashable {
    /// How far it has come then: a number above 0 that says all that it needs to know.
    case goesOn(progress: Int)
    case ends(CommandStatus)
  }

  package var deed: Deed
  package var printed: String
  /// It waits for so long after that; where time is arbitrary for any time.
  package var pauseNanoseconds: Int64
  package var next: Next

  package init(
    _ deed: Deed = .nothing, printed: String = "", pauseNanoseconds: Int64 = 0, next: Next
  ) {
    self.deed = deed
    self.printed = printed
    self.pauseNanoseconds = pauseNanoseconds
    self.next = next
  }
}

/// How a command has ended: its exit status, and the error behind it if it has one.
package struct CommandStatus: Sendable, Hashable {
  package var error: Errno?
  /// What `$?` is; 0 when it went well.
  package var exit: Int

  package static let success = CommandStatus(error: nil, exit: 0)
  /// Nothing failed, and yet it says no: `grep` that finds nothing.
  package static func no(exit: Int = 1) -> CommandStatus { CommandStatus(error: nil, exit: exit) }
  package static func failed(_ error: Errno, exit: Int = 1) -> CommandStatus {
    CommandStatus(error: error, exit: exit)
  }

  private init(error: Errno?, exit: Int) {
    self.error = error
    self.exit = exit
  }

  /// As a register holds it: 0, or below it the error's number, with the exit status in the bits
  /// above where it is not 1. Numbers above 0 are the progress of a command that acts.
  package var word: Int64 {
    let number = Int64(error?.rawValue ?? 0)
    return error != nil && exit == 1 ? -number : -(number | Int64(exit) << 16)
  }

  package init(word: Int64) {
    let bits = word < 0 ? -word : 0
    error = Errno(rawValue: Int(bits & 0xffff))
    exit = bits >> 16 > 0 ? Int(bits >> 16) : bits > 0 ? 1 : 0
  }
}
