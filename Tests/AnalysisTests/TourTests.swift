import Testing

/// The tour of the language: it is free of mistakes, and each of its scenarios lowers as far as
/// this version can simulate it.
@Suite struct TourTests {
  private let scenarios = """
    scenario "sleepers keep the old universe until they are woken" {
        let servers = spawn 3 of server
        sleep 10ms                                           # now all three wait for packets

        $ zypper install kgraft-patch-3_12_61-52-default
        assert cat("/sys/kernel/kgraft/in_progress") == "1"
        apply another_fix fails EAGAIN                       # one patch at a time

        sleep 5s
        assert in_progress                                   # it cannot finish by itself
        assert count(t in servers: t.universe == old) == 3

        signal STOP, servers; signal CONT, servers
        await not in_progress within 4s
        assert every(t in servers: t.universe == new)
        expect log "kgr succeeded"
    }

    scenario "no system call sees both universes" in every schedule {
        machine { patching kgraft "4.4" }
        spawn 2 of looper
        never mixed                                          # built-in monitor
        apply fix_frame_check
        await not in_progress
    }

    scenario "migration time" for sleepers in [1, 10], engine in [kgraft, livepatch] @figures {
        machine { cpus 4; patching engine }
        spawn sleepers of server
        sleep 10ms
        apply fix_frame_check
        wake packets
        await not in_progress within 60s
        report "migration", transition.duration
    }
    """

  @Test func isFreeOfMistakes() {
    #expect(rendered(tourKernel + scenarios) == "")
  }

  @Test func scenariosLowerAsFarAsTheyCan() {
    let found = CheckedSource(tourKernel + scenarios)
    let rows = found.checked.scenarios.map { $0.rows.count }
    #expect(rows == [1, 1, 4])
    #expect(found.checked.scenarios.map(\.isExhaustive) == [false, true, false])
    let messages = found.checked.scenarios.map { scenario in
      scenario.rows.map { found.checked.lower(scenario, $0).diagnostics.map(\.message) }
    }
    let livepatch = "`patching livepatch` is not simulated yet"
    #expect(
      messages == [
        [[]], [[]],
        [[], [livepatch], [], [livepatch]],
      ])
  }
}
