import Foundation
import Graft
import Testing

/// Lessons of a text, as `graft demo` makes them.
enum Lessons {
  static func all(_ text: String) throws -> [Lesson] {
    let unit = ScenarioUnit(path: "test.graft", bytes: Array(text.utf8)) { _ in
      .failure(.init(reason: "there are no other files"))
    }
    return try unit.entries.map { entry in
      let (scenario, diagnostics) = unit.runnable(entry, breaking: [], everySchedule: false)
      let renderer = DiagnosticRenderer(sources: unit.sources)
      try #require(scenario != nil, "\(renderer.render(diagnostics))")
      return Lesson(try #require(scenario), RunOptions())
    }
  }

  static func one(_ text: String) throws -> Lesson { try #require(try all(text).first) }

  /// A lesson with one of everything.
  static let sample = """
    kernel "3.12.61-52-default" {
        queue packets
        fn verify() { work 2us }
        syscall recv() { wait packets; verify() }
    }
    patch fix { fn verify() { work 3us } }
    program server { loop { recv() } }

    lesson "sleepers" {
        chapter "quiet" {
            let servers = spawn 2 of server
            show timeline
            show files "/sys/kernel/kgraft/in_progress"
            sleep 10ms
            say "Two servers wait."
            notes "softly"
            pause "Ready?"
        }
        chapter "a patch" {
            apply fix
            ask "Done in a minute?" {
                wrong "yes" if not in_progress because "nobody leaves the kernel"
                right "no" if in_progress because "both sleep in it"
                hint "where are they?"
                hint "asleep, inside the kernel"
                reveal { sleep 1min }
            }
            show tasks servers
            show source verify
            show log
            signal STOP, servers; signal CONT, servers
            await not in_progress within 4s
            say "{servers[0]} is {servers[0].universe}."
        }
    }
    """

  static var file: URL { URL(filePath: #filePath) }

  static func kinds(_ lesson: Lesson) -> [Moment.Kind] {
    lesson.moments.map(\.kind).filter(\.isStop)
  }
}
