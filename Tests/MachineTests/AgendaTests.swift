import Testing

@testable import Machine

/// The two parts of the agenda against a sorted list.
@Suite struct AgendaTests {
  private static func entry(_ due: Int, _ ticket: Int) -> Agenda.Entry {
    Agenda.Entry(due: UInt64(due), ticket: UInt64(ticket), task: TaskSlot(ticket))
  }

  /// Of every number of entries, made at once or one by one, the earliest comes first; of equals
  /// the one with the earlier ticket. 21 fill two levels of four children and one more.
  @Test(arguments: [0, 1, 2, 4, 5, 6, 16, 20, 21, 22, 85, 400])
  func theHeapGivesTheEarliest(_ count: Int) {
    var dice = Dice(seed: count)
    let entries = (0..<count).map { Self.entry(dice.roll(1 + count / 3), $0 + 1) }
    var risen = DueHeap()
    for entry in entries { risen.insert(entry) }
    var sunk = DueHeap(entries)
    for expected in entries.sorted() {
      #expect(risen.first == expected && sunk.first == expected)
      risen.removeFirst()
      sunk.removeFirst()
    }
    #expect(risen.first == .never && sunk.first == .never)
  }

  /// Coming and going, mixed, as timers do.
  @Test(arguments: 0..<8)
  func theHeapBearsComingAndGoing(_ seed: Int) {
    var dice = Dice(seed: seed)
    var heap = DueHeap()
    var plain: [Agenda.Entry] = []
    for ticket in 1...600 {
      if dice.chance(60) || plain.isEmpty {
        let entry = Self.entry(dice.roll(50), ticket)
        heap.insert(entry)
        plain.append(entry)
      } else {
        heap.removeFirst()
        plain.sort()
        plain.removeFirst()
      }
      #expect(heap.first == plain.min() ?? .never)
    }
  }

  /// One and two CPUs have no tree, three have one of a single leaf, six one that is not full.
  @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 18, 256])
  func theTournamentKnowsItsWinner(_ cpus: Int) {
    var dice = Dice(seed: cpus)
    var tournament = Tournament(cpuCount: cpus)
    var plain = [Agenda.Entry](repeating: .never, count: cpus)
    #expect(tournament.first == .never)
    for ticket in 1...400 {
      let cpu = dice.roll(cpus)
      let entry = dice.chance(30) ? .never : Self.entry(dice.roll(20), ticket)
      tournament.set(entry, cpu: cpu)
      plain[cpu] = entry
      let winner = plain.min() ?? .never
      #expect(tournament.first == winner)
      if winner != .never { #expect(tournament.firstCPU == plain.firstIndex(of: winner)) }
    }
  }

  /// The code of an entry holds its actor, whoever it is.
  @Test(arguments: [
    Actor.operator, .engine, .handler(0), .handler(255), .task(TaskSlot(0)),
    .task(TaskSlot(4_194_303)),
  ])
  func anEntryKnowsItsActor(_ actor: Actor) {
    let entry = Agenda.Entry(due: 5, ticket: 77, actor: actor)
    #expect(entry.actor == actor)
    #expect(entry.hasTicket(77) && !entry.hasTicket(78))
  }
}
