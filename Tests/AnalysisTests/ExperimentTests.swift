import Machine
import Testing

/// The kernel and programs of the tour.
let tourKernel = """
  kernel "3.12.61-52-default" {
      const max_frame = 9000
      queue packets
      var   accepted in 0..3 = 0

      fn check_frame(length) {
          work 2us
          return length <= max_frame
      }
      fn count_frame() { accepted = accepted + 1 }

      syscall recv(length) {
          wait packets
          if check_frame(length) { count_frame() }
      }
      syscall probe(length) { if check_frame(length) { count_frame() } }

      irq timer every 4ms { work 1us }

      kthread flusher {
          loop {
              sleep 500ms
              safe point
          }
      }

      module "ext4" at boot { fn ext4_sync(inode) { work 40us } }
  }

  patch fix_frame_check {
      package "kgraft-patch-3_12_61-52-default" version "2-2.1"
      fixes   "CVE-2016-8666"
      replaces all
      const max_frame = 1500
      fn check_frame(length) { work 3us; return length > 0 and length <= max_frame }
      fn count_frame() { work 1us; accepted = accepted + 1 }
  }

  patch another_fix { module "ext4" { fn ext4_sync(inode) { work 30us } } }

  program server { loop { recv(1200); work 100us..300us } }
  program looper { loop { probe(1200) } }

  """

@Suite struct ExperimentTests {
  @Test func sleepersKeepTheOldUniverse() throws {
    let run = try run(
      tourKernel + """
        scenario "sleepers keep the old universe until they are woken" {
            let servers = spawn 3 of server
            sleep 10ms
            apply fix_frame_check
            assert cat("/sys/kernel/kgraft/in_progress") == "1"
            apply another_fix fails EAGAIN
            sleep 5s
            assert in_progress
            assert count(t in servers: t.universe == old) == 3
            signal STOP, servers; signal CONT, servers
            await not in_progress within 4s
            assert every(t in servers: t.universe == new)
            expect log "kgr succeeded"
        }
        """)
    #expect(run.fault == nil)
    let asserted = run.events.count { if case .asserted = $0.kind { true } else { false } }
    #expect(asserted == 5)
  }

  /// Two seconds of it are millions of steps, so this one is walked without a clock.
  @Test func loopersNeverMix() throws {
    let source =
      tourKernel + """
        scenario "no system call sees both universes" in every schedule {
            machine { patching kgraft "4.4" }
            spawn 2 of looper
            never mixed
            apply fix_frame_check
            await not in_progress
        }
        """
    let found = CheckedSource(source)
    #expect(found.all.filter { $0.code.rawValue != "W0701" } == [])
    let (lowered, _) = found.checked.lower(
      found.checked.scenarios[0], found.checked.scenarios[0].rows[0])
    let scenario = try #require(lowered)
    #expect(scenario.isExhaustive)
    for seed in 1...8 {
      let outcome = walk(scenario, seed: UInt64(seed), steps: 5_000)
      #expect(outcome.fault == nil)
    }
  }
}
