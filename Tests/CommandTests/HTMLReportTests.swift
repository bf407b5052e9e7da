import Foundation
import Testing

/// `--report-html`: one page, whose words can't become anything else.
@Suite struct HTMLReportTests {
  /// The blocks of data of a page, by kind, each read as JSON.
  private func blocks(_ page: String) throws -> [(kind: String, value: [String: Any])] {
    try page.matches(
      of: /<script type="application\/json" data-kind="([a-z]+)">([^\n]*)<\/script>/
    ).map { match in
      let value = try JSONSerialization.jsonObject(with: Data(match.2.utf8))
      return (String(match.1), try #require(value as? [String: Any]))
    }
  }

  @Test func everyCaseStandsInItWithItsSource() throws {
    let folder = try BatchFolder([
      "a.graft": BatchFolder.mixed, "b.graft": BatchFolder.passing(1), "c.graft": "scenario {",
    ])
    defer { folder.remove() }
    _ = try folder.run(["run", ".", "--report-html", "r.html", "--report-json", "r.json"])
    let all = try blocks(folder.text("r.html"))
    let report = try JSONSerialization.jsonObject(with: Data(folder.text("r.json").utf8))
    let scenarios = try #require((report as? [String: Any])?["scenarios"] as? [[String: Any]])
    #expect(
      all.filter { $0.kind == "case" }.compactMap { $0.value["id"] as? String }
        == scenarios.compactMap { $0["id"] as? String })
    // One with errors too: they are marked there.
    #expect(
      all.filter { $0.kind == "source" }.compactMap { $0.value["text"] as? String }
        == [BatchFolder.mixed, BatchFolder.passing(1), "scenario {"])
    #expect(all.first?.kind == "head")
    #expect(all.last?.kind == "summary")
  }

  @Test func noWordOfAScenarioIsMarkup() throws {
    var text = ""
    for (number, name) in (ReportFormTests.hostile + ["</script><script>", "<!--"]).enumerated() {
      text += "scenario \"\(name) \(number)\" { print \"\(name)\"; assert \"\(name)\" == \"\" }\n"
    }
    let folder = try BatchFolder(["a.graft": text])
    defer { folder.remove() }
    _ = try folder.run(["run", "a.graft", "--report-html", "r.html"])
    let page = try folder.text("r.html")
    let data = try blocks(page)
    // The blocks, and the page's own script.
    #expect(page.components(separatedBy: "<script").count - 1 == data.count + 1)
    #expect(page.components(separatedBy: "</script").count - 1 == data.count + 1)
    #expect(!page.contains("<!--"))
    // Nothing is fetched: neither by a link nor by a style.
    #expect(!page.contains("http://www.w3.org/1999") && !page.contains("https://"))
    #expect(!page.contains("url(\"") && !page.contains("@import"))
  }

  @Test func timelinesAreThoseOfFailuresOrOfAll() throws {
    let source = """
      kernel "4.4.21-69-default" {
          queue q
          fn f() { return 1 }
          syscall s() { wait q; f() }
      }
      patch p { fn f() { return 2 } }
      program r { loop { s() } }
      scenario "passes" { spawn r; sleep 1ms; apply p; sleep 1ms }
      scenario "fails" { spawn r; sleep 1ms; apply p; wake q; sleep 1ms; assert in_progress == false }
      """
    let folder = try BatchFolder(["a.graft": source])
    defer { folder.remove() }
    _ = try folder.run(["run", "a.graft", "--report-html", "few.html"])
    _ = try folder.run(["run", "a.graft", "--report-html", "all.html", "--timelines"])
    let few = try blocks(folder.text("few.html"))
    #expect(few.map(\.kind) == ["head", "source", "case", "case", "timeline", "summary"])
    let all = try blocks(folder.text("all.html"))
    #expect(
      all.map(\.kind) == ["head", "source", "case", "timeline", "case", "timeline", "summary"])

    let timeline = few[4].value
    let lanes = try #require(timeline["lanes"] as? [[String: Any]])
    #expect(lanes.map { $0["name"] as? String } == ["r:100"])
    // Born in user mode; into the kernel, asleep there; woken, out with the new universe, and in
    // and asleep again: what `wake` did to the one task there is.
    let changes = try #require(lanes[0]["changes"] as? [Any])
    let glyphs = changes.compactMap { $0 as? String }.joined()
    #expect(glyphs == "ukzkUKZ")
    let stage = try #require((timeline["stage"] as? [String: Any])?["changes"] as? [Any])
    #expect(stage.compactMap { $0 as? String } == [".", "w", "-"])
    let story = try #require(timeline["story"] as? [[Any]])
    let told = story.compactMap { $0[3] as? String }
    #expect(told.contains("r:100 is in the new universe (left the kernel)"))
    // The operator's statements know their lines: `apply` stands in the ninth.
    let apply = try #require(story.first { $0[3] as? String == "apply p" })
    #expect(apply[6] as? Int == 9)
  }

  /// The second in which nothing happened is what one wants to see.
  @Test func theTimelineReachesTheMomentOfFailure() throws {
    let folder = try BatchFolder([
      "a.graft": RunCommandTests.kernel
        + "scenario \"s\" { spawn server; sleep 1ms; apply fix; await not in_progress within 1s }\n"
    ])
    defer { folder.remove() }
    let run = try folder.run(["run", "a.graft", "--report-html", "r.html"])
    let timeline = try #require(try blocks(folder.text("r.html")).first { $0.kind == "timeline" })
    let moments = try #require(timeline.value["moments"] as? [Int])
    // A millisecond, the window, and the second.
    #expect(try #require(moments.last) > 1_001_000_000)
    let stage = try #require((timeline.value["stage"] as? [String: Any])?["changes"] as? [Any])
    #expect(stage.last as? String == "-")
    #expect(try #require(stage[stage.count - 2] as? Int) < moments.count - 1)
    // On the terminal too.
    let lane = try #require(run.output.split(separator: "\n").first { $0.hasPrefix("transition") })
    #expect(lane.hasSuffix("--"))
  }

  /// A long run's moments are joined two by two: the page stays small, the end is right.
  @Test func aLongRunTakesBoundedRoom() throws {
    let source = """
      kernel "4.4.21-69-default" { fn f() { return 1 } syscall s() { f() } }
      patch p { fn f() { return 2 } }
      program r { loop { s(); sleep 1ms } }
      scenario "long" { spawn 40 of r; sleep 1s; apply p; sleep 1s; assert not in_progress }
      """
    let folder = try BatchFolder(["a.graft": source])
    defer { folder.remove() }
    _ = try folder.run(["run", "a.graft", "--report-html", "r.html"])
    let page = try folder.text("r.html")
    #expect(page.utf8.count < 2_000_000)
    let timeline = try #require(try blocks(page).first { $0.kind == "timeline" }).value
    let moments = try #require(timeline["moments"] as? [Int])
    let joined = try #require(timeline["joined"] as? Int)
    // A thousand rounds a second for two seconds, and a dozen moments a round at least.
    #expect(moments.count <= 4_096 && moments.count > 1_024 && joined >= 4)
    #expect(moments == moments.sorted())
    #expect((timeline["lanes"] as? [Any])?.count == 24)
    let band = try #require(timeline["band"] as? [[Int]])
    #expect(band.count == moments.count)
    // Forty tasks in the new universe: capitals stand at odd places.
    let last = try #require(band.last)
    #expect(last.enumerated().reduce(0) { $0 + ($1.offset % 2 == 1 ? $1.element : 0) } == 40)
  }

  @Test(.enabled(if: RequiredTool.command("chromium")))
  func aBrowserShowsIt() throws {
    let folder = try BatchFolder([:])
    defer { folder.remove() }
    let script = packageRoot.appending(path: "Tests/Browser/report.py").path
    let run = try folder.shell("python3 '\(script)' \"$GRAFT\"")
    let broken = run.output.split(separator: "\n").filter { $0.hasPrefix("NOT") }
    #expect(run.status == 0 && broken.isEmpty, "\(broken) \(run.complaint)")
    #expect(run.output.contains("0 failures"))
  }
}
