import Machine
import Reports
import Testing

/// The lanes of a migration, from events written by hand.
@Suite struct LanesTests {
  /// One program, one kernel thread, one patch of one function.
  static let program: Program = {
    var program = Program()
    program.functions = [
      Function(name: "flusher", kind: .kernelThread),
      Function(name: "server", kind: .userProgram),
    ]
    program.kernelThreads = [FunctionID(0)]
    program.patches = [Patch(name: "fix", functions: [])]
    return program
  }()

  static let thread = TaskSlot(0)
  static let server = TaskSlot(1)
  static let patch = PatchID(0)

  private func lanes(_ kinds: [(Int64, Event.Kind)], width: Int = 80) -> [String] {
    let events = kinds.enumerated().map { Event(time: $1.0, step: $0, kind: $1.1) }
    let text = Lanes(events, Self.program, keepsTime: true)
      .text(width: width, paint: Paint(isColoured: false))
    return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// A sleeper: born, in the kernel, asleep; a patch marks it; a stop carries it over; it goes on.
  static let story: [(Int64, Event.Kind)] = [
    (0, .spawned(thread, FunctionID(0))),
    (0, .spawned(server, FunctionID(1))),
    (1_000, .enteredKernel(server, systemCall: nil)),
    (2_000, .slept(server, queue: 0, uninterruptible: false)),
    (1_000_000, .patching(.windowOpened(reverting: false), patch)),
    (1_001_000, .patching(.inProgress, patch)),
    (1_002_000, .marked(server)),
    (1_003_000, .patching(.windowClosed, patch)),
    (2_000_000_000, .signalled(server, .STOP)),
    (2_000_000_000, .woken(server, .signal)),
    (2_000_001_000, .migrated(server, by: .kernelExit)),
    (2_000_001_000, .stopped(server)),
    (3_000_000_000, .continued(server)),
    (3_000_001_000, .leftKernel(server, restarting: true)),
    (4_000_000_000, .patching(.functionFinalised(TracedFunctionID(0)), patch)),
    (4_000_001_000, .patching(.finished, patch)),
    (5_000_000_000, .exited(server)),
  ]

  /// By hand, a column for each moment at which something happens to a lane: 14 of them. The thread
  /// was never marked, so it is in the new universe from the window's end on; the server only once
  /// it has left the kernel.
  @Test func aSleeperTurnsWhenItLeavesTheKernel() {
    let lines = lanes(Self.story)
    #expect(lines.contains("transition   ...www-----f.."))
    #expect(lines.contains("in_progress  00001111111100"))
    #expect(lines.contains("flusher:10   kkkkkkKKKKKKKK"))
    #expect(lines.contains("server:100   ukzzzzzkTKUUU "))
  }

  @Test func theAxisSaysWhen() {
    let lines = lanes(Self.story)
    // The first column, and the longest gaps: before the window, the stop, the way on, the end.
    #expect(lines[0].hasPrefix("             0"))
    #expect(lines[0].contains("2s"))
    #expect(lines[0].contains("4s"))
    let marks = lines[1].enumerated().filter { $0.element == "|" }.map(\.offset)
    let starts = lines[0].split(separator: " ").count
    #expect(marks.count == starts)
  }

  /// A thousand system calls around one migration, in 40 columns: the moment of the migration has
  /// its column all the same.
  @Test func turningPointsSurviveANarrowTerminal() {
    var kinds = Self.story
    kinds.removeLast(2)
    for call in 0..<1_000 {
      kinds.append((5_000_000_000 + Int64(2 * call), .enteredKernel(Self.server, systemCall: nil)))
      kinds.append((5_000_000_001 + Int64(2 * call), .leftKernel(Self.server, restarting: false)))
    }
    let lines = lanes(kinds, width: 40)
    let server = lines.first { $0.hasPrefix("server:100") } ?? ""
    #expect(server.count <= 40)
    #expect(server.contains("zkT"))
    #expect(server.hasSuffix("U"))
  }

  @Test func manyTasksAreCountedNotDrawn() {
    let kinds = (0..<40).map { number -> (Int64, Event.Kind) in
      (Int64(number), .spawned(TaskSlot(number), FunctionID(1)))
    }
    let lines = lanes(kinds)
    #expect(lines.filter { $0.hasPrefix("server:") }.count == Lanes.greatestLaneCount)
    #expect(lines.contains("… and \(40 - Lanes.greatestLaneCount) more tasks"))
  }

  @Test func withoutATaskThereIsNothingToDraw() {
    #expect(lanes([(0, .finished)]) == [""])
  }

  @Test func coloursFollowTheUniverse() {
    let events = Self.story.enumerated().map {
      Event(time: $1.0, step: $0, kind: $1.1)
    }
    let text = Lanes(events, Self.program, keepsTime: true)
      .text(width: 80, paint: Paint(isColoured: true))
    #expect(text.contains("\u{1b}[33mukzzzzzk\u{1b}[0m\u{1b}[32mTKUUU\u{1b}[0m"))
  }

  /// An `await` that expires: nothing happened meanwhile, and that is what one wants to see.
  @Test func aFailureIsDrawnToItsMoment() {
    let events = Self.story.prefix(8).enumerated().map {
      Event(time: $1.0, step: $0, kind: $1.1)
    }
    let text = Lanes(
      events, Self.program, keepsTime: true, isFailure: true, end: 6_000_000_000
    ).text(width: 80, paint: Paint(isColoured: false))
    let lines = text.split(separator: "\n").map(String.init)
    #expect(lines[0].hasSuffix(" 6s"))
    #expect(
      lines.contains {
        $0.hasPrefix("transition") && $0.hasSuffix("--")
      })
  }

  /// Of forty tasks one stays in the old universe, and another is the last that does anything.
  @Test func aFailureShowsTheTasksThatItIsAbout() {
    var kinds: [(Int64, Event.Kind)] = (0..<40).map {
      (Int64($0), .spawned(TaskSlot($0), FunctionID(1)))
    }
    kinds += [
      (1_000, .marked(TaskSlot(30))), (1_100, .marked(TaskSlot(37))),
      (2_000, .migrated(TaskSlot(37), by: .kernelExit)),
      (3_000, .enteredKernel(TaskSlot(35), systemCall: nil)),
    ]
    let events = kinds.enumerated().map { Event(time: $1.0, step: $0, kind: $1.1) }
    func shown(_ isFailure: Bool) -> [String] {
      let text = Lanes(events, Self.program, keepsTime: true, isFailure: isFailure)
        .text(width: 100, paint: Paint(isColoured: false))
      return text.split(separator: "\n").compactMap { line in
        line.hasPrefix("server:") ? String(line.prefix { $0 != " " }) : nil
      }
    }
    func name(_ slot: Int) -> String { "server:\(Self.program.pid(of: TaskSlot(slot)))" }
    #expect(shown(false) == (0..<16).map(name))
    #expect(shown(true).count == 16)
    for slot in [30, 35, 37] { #expect(shown(true).contains(name(slot)), "\(slot)") }
  }
}
