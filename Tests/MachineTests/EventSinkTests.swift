import Machine
import Testing

/// What happened is kept for the report, and takes its share of the memory and no more.
@Suite struct EventSinkTests {
  @Test func aShareOfTheMemoryIsAllThatEventsTake() {
    var sink = EventSink(isRecording: true)
    sink.byteCapacity = 100_000
    let line = String(repeating: "x", count: 1_000)
    for number in 0..<1_000 { sink.record(.kernelLog(line + "\(number)"), at: 0) }
    // Each takes its thousand bytes at least, and hardly two thousand.
    #expect((50...100).contains(sink.events.count))
    #expect(sink.events.count + sink.droppedCount == 1_000)
    // Who takes them away makes room.
    let kept = sink.events.count
    #expect(sink.takeEvents().count == kept)
    sink.record(.kernelLog(line), at: 0)
    #expect(sink.events.count == 1)
  }

  @Test func aLimitOfMemoryIsOneForEventsToo() throws {
    let wide = Workspace(program: Program(), recording: true, limits: .ci)
    let narrow = Workspace(program: Program(), recording: true, limits: .untrusted)
    #expect(wide.events.byteCapacity == 1 << 30)
    #expect(narrow.events.byteCapacity == 16 << 20)
  }
}
