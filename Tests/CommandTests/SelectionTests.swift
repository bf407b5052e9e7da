import Foundation
import Testing

/// What `graft run` and `graft list` select.
@Suite struct SelectionTests {
  /// The scenarios that the words select, by `graft list`.
  private func list(
    _ words: [String], in folder: BatchFolder
  ) throws -> (names: [String], status: Int32) {
    let run = try folder.run(["list"] + words)
    let names = run.output.split(separator: "\n").map {
      String($0.split(separator: " @")[0])
    }
    return (names, run.status)
  }

  private let files = [
    "a/one.graft": BatchFolder.mixed, "a/b/two.graft": "scenario \"two\" { sleep 1ms }\n",
    "a/b.graft": "scenario \"three\" { sleep 1ms }\n", "a/notes.txt": "no scenario",
    "a/.hidden.graft": "scenario \"hidden\" { sleep 1ms }\n",
  ]

  /// What a report or a replay says is a word that picks it, whatever the file is called.
  @Test(arguments: ["-x.graft", "a::b.graft", "x::y/s.graft", "x::y/a::b.graft", "3:4.graft"])
  func aNameThatIsPrintedPicksWhatItNames(_ name: String) throws {
    let folder = try BatchFolder([name: BatchFolder.mixed])
    defer { folder.remove() }
    let names = try list(["."], in: folder).names
    #expect(names.count == 7)
    for one in names { #expect(try list([one], in: folder).names == [one]) }
    let file = String(names[0].dropLast("::passes".count))
    #expect(try list(["\(file):2"], in: folder).names == ["\(file)::fails"])
    #expect(try list(["\(file):2:5"], in: folder).names == ["\(file)::fails"])
    _ = try folder.run(["run", "."])
    #expect(try list(["--rerun", "last"], in: folder).names == [names[1], names[6]])
  }

  @Test func aFolderIsTakenInTheOrderOfBytes() throws {
    let folder = try BatchFolder(files)
    defer { folder.remove() }
    // `.` comes before `/`, and both before letters.
    #expect(
      try list(["a"], in: folder).names == [
        "a/b.graft::three", "a/b/two.graft::two", "a/one.graft::passes", "a/one.graft::fails",
        "a/one.graft::is skipped", "a/one.graft::fails as it says", "a/one.graft::rows[n=1]",
        "a/one.graft::rows[n=2]", "a/one.graft::rows[n=3]",
      ])
  }

  @Test(arguments: [
    (["a/*.graft"], ["a/b.graft::three", "a/one.graft::fails"]),
    (["a/**/t*.graft"], ["a/b/two.graft::two"]),
    (["a/one.graft:3"], ["a/one.graft::is skipped"]),
    (["a/one.graft::rows[n=2]"], ["a/one.graft::rows[n=2]"]),
    (["a", "--tag", "bad and not slow"], ["a/one.graft::fails as it says"]),
    (["a", "--tag", "slow or rows"], ["a/one.graft::fails", "a/one.graft::rows[n=1]"]),
    (["a", "--tag", "not (good or bad) and rows"], ["a/one.graft::rows[n=3]"]),
    (["a", "--filter", "::t[wh].*"], ["a/b.graft::three", "a/b/two.graft::two"]),
    (["a", "--filter", "n=[23]"], ["a/one.graft::rows[n=2]", "a/one.graft::rows[n=3]"]),
  ])
  func wordsSelect(_ words: [String], _ expected: [String]) throws {
    let folder = try BatchFolder(files)
    defer { folder.remove() }
    let (names, status) = try list(words, in: folder)
    #expect(status == 0)
    #expect(Set(expected).isSubset(of: names), "\(names)")
    // Some of them select only what is named here.
    if !words.contains("slow or rows"), !words[0].hasSuffix("*.graft") || words[0].contains("**"),
      !words.contains("not (good or bad) and rows")
    {
      #expect(names == expected)
    }
  }

  /// What nobody named is read only below the root; a link that was named is followed.
  @Test(arguments: ["check", "list", "run", "lint", "explore", "fmt --check"])
  func aLinkOutThatAWalkFindsIsRefused(_ command: String) throws {
    let folder = try BatchFolder([
      "in/a.graft": "scenario \"a\" {\n    sleep 1ms\n    assert not in_progress\n}\n",
      "out/b.graft": "scenario \"b\" {\n    sleep 1ms\n    assert not in_progress\n}\n",
    ])
    defer { folder.remove() }
    let place = folder.scratch.folder.appending(path: "in")
    for (link, target) in [("out.graft", "../out/b.graft"), ("inside.graft", "a.graft")] {
      try FileManager.default.createSymbolicLink(
        atPath: place.appending(path: link).path, withDestinationPath: target)
    }
    let words = command.split(separator: " ").map(String.init)
    for word in [".", "*.graft"] {
      let run = try GraftProcess.run(words + [word, "--error-format", "short"], in: place)
      #expect(run.status == 2, "\(run.complaint)")
      let said = (run.output + run.complaint).split(separator: "\n").filter {
        $0.contains("E0803")
      }
      #expect(said.count == 1)
      #expect(
        said.first?.hasPrefix("out.graft:1:1: error[E0803]: `out.graft` can't be read") ?? false)
    }
    #expect(try GraftProcess.run(words + ["out.graft"], in: place).status == 0)
    #expect(try GraftProcess.run(words + [".", "out.graft"], in: place).status == 0)
    // From above, where it leads nowhere else.
    #expect(try folder.run(words + ["in"]).status == 0)
  }

  @Test func aLineBelongsToTheScenarioAround() throws {
    let text = """
      kernel "3.12.61-52-default" {
          fn f() { return 0 }
      }

      # What follows is about sleeping.
      scenario "first" {
          sleep 1ms
      }
      scenario "second" { sleep 1ms }

      """
    let folder = try BatchFolder(["s.graft": text])
    defer { folder.remove() }
    for line in 4...8 {
      #expect(try list(["s.graft:\(line)"], in: folder).names == ["s.graft::first"], "\(line)")
    }
    #expect(try list(["s.graft:9"], in: folder).names == ["s.graft::second"])
    for line in [1, 2, 10, 999] {
      let run = try folder.run(["run", "s.graft:\(line)"])
      #expect(run.status == 5)
      #expect(run.complaint.contains("no scenario on line \(line) of s.graft"))
    }
  }

  /// As the replay command of a failure in standard input names it.
  @Test func standardInputHasScenariosToo() throws {
    let input = Array(BatchFolder.mixed.utf8)
    for words in [["run", "-::passes"], ["run", "-:1"], ["run", "-", "--filter", "::passes"]] {
      let run = try GraftProcess.run(words, input: input)
      #expect(run.status == 0)
      #expect(run.output.contains("PASS  -::passes"))
    }
    #expect(try GraftProcess.run(["run", "-::nobody"], input: input).status == 5)
  }

  @Test func whatIsNamedTwiceRunsOnce() throws {
    let folder = try BatchFolder(files)
    defer { folder.remove() }
    let words = ["a/b.graft", "a/one.graft::passes", "a/one.graft:1", "a/b.graft::three"]
    #expect(try list(words, in: folder).names == ["a/b.graft::three", "a/one.graft::passes"])
    #expect(
      try list(["a/one.graft::passes", "a/one.graft"], in: folder).names.count == 7)
  }

  @Test(arguments: [
    ("manual and", "expected a tag at the end", 10), ("(a or b", "is not closed", 0),
    ("a b", "expected `and`, `or` or the end before `b`", 2), ("a!", "`a!` is not a tag", 0),
    ("", "expected a tag at the end", 0), ("or a", "expected a tag before `or`", 0),
  ])
  func aTagExpressionThatIsWrongIsShownWithItsPlace(
    _ text: String, _ message: String, _ column: Int
  ) throws {
    let folder = try BatchFolder(files)
    defer { folder.remove() }
    let run = try folder.run(["run", "a", "--tag", text])
    #expect(run.status == 1)
    #expect(run.complaint.contains(message))
    #expect(run.complaint.contains("\n  " + String(repeating: " ", count: column) + "^"))
  }

  /// One file has one name, however it is typed; so it is in the same part everywhere.
  @Test func aNameIsTheSameHoweverTheFileIsTyped() throws {
    let folder = try BatchFolder(files)
    defer { folder.remove() }
    let place = folder.scratch.folder.path
    for word in [
      "a/b.graft", "./a/b.graft", "a//b.graft", "a/b/../b.graft", "\(place)/a/b.graft",
      "a/./b.graft",
    ] {
      #expect(try list([word], in: folder).names == ["a/b.graft::three"], "\(word)")
    }
    #expect(try list([".", place, "a/../a"], in: folder).names.count == 9)
    let above = try GraftProcess.run(
      ["list", "../b.graft"], in: folder.scratch.folder.appending(path: "a/b"))
    #expect(above.output == "../b.graft::three\n")
  }

  /// As diagnostics say where something stands.
  @Test func aColumnIsPassedOver() throws {
    let folder = try BatchFolder(files)
    defer { folder.remove() }
    #expect(
      try list(["a/one.graft:3:10"], in: folder).names == ["a/one.graft::is skipped"])
  }

  @Test func anOptionThatIsWrongIsNamed() throws {
    let folder = try BatchFolder(files)
    defer { folder.remove() }
    #expect(try folder.run(["run", "--nosuch"]).complaint.contains("Unknown option '--nosuch'"))
    let tag = try folder.run(["run", "a", "--tag", "x and"])
    #expect(tag.status == 1)
    #expect(tag.complaint.contains("Usage: graft run"))
    for command in ["run", "list", "explore"] {
      let none = try folder.run([command])
      #expect(none.status == 1)
      #expect(none.complaint.hasPrefix("graft: name a scenario file"))
    }
  }

  @Test(arguments: ["\\d+", "[\\d]", "a\\pb"])
  func anEscapeOfOtherDialectsIsRefused(_ pattern: String) throws {
    let folder = try BatchFolder(files)
    defer { folder.remove() }
    let run = try folder.run(["run", "a", "--filter", pattern])
    #expect(run.status == 1)
    #expect(run.complaint.contains("is not known in such expressions"))
    #expect(try list(["a", "--filter", "\\bthree\\b"], in: folder).names == ["a/b.graft::three"])
  }

  @Test func aPatternThatIsWrongIsOne() throws {
    let folder = try BatchFolder(files)
    defer { folder.remove() }
    let run = try folder.run(["run", "a", "--filter", "("])
    #expect(run.status == 1)
    #expect(run.complaint.contains("--filter '('"))
  }

  @Test(arguments: [
    (["a", "--tag", "nowhere"], 5), (["a/*.nothing"], 5), (["nowhere"], 1),
    (["a/one.graft::nobody"], 5), (["empty"], 5),
  ])
  func nothingSelectedIsFive(_ words: [String], _ status: Int) throws {
    let folder = try BatchFolder(files.merging(["empty/x.txt": ""]) { $1 })
    defer { folder.remove() }
    for command in ["run", "list"] {
      let run = try folder.run([command] + words)
      #expect(run.status == Int32(status), "\(command) \(words)")
      #expect(!run.complaint.isEmpty)
    }
  }

  @Test func theListIsJSONForEditors() throws {
    let folder = try BatchFolder(files)
    defer { folder.remove() }
    let run = try folder.run(["list", "a/one.graft", "--format", "json"])
    let lines = try run.output.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(lines.count == 7)
    #expect(lines[1]["line"] as? Int == 2)
    #expect(lines[1]["tags"] as? [String] == ["bad", "slow"])
    #expect(lines[2]["skip"] as? String == "not today")
    #expect(lines[3]["xfail"] as? String == "known")
    #expect(lines[6]["row"] as? String == "[n=3]")
    #expect(lines.allSatisfy { $0["mode"] as? String == "run" })
  }

  /// Every scenario is in exactly one part, whatever the kind; equal parts by count.
  @Test(arguments: ["hash", "count"])
  func partsMakeTheWhole(_ kind: String) throws {
    let folder = try BatchFolder(passing: 30)
    defer { folder.remove() }
    let all = try list(["a"], in: folder).names
    let parts = try (1...3).map {
      try list(["a", "--partition", "\(kind):\($0)/3"], in: folder).names
    }
    #expect(parts.flatMap { $0 }.sorted() == all.sorted())
    #expect(parts.allSatisfy { !$0.isEmpty })
    if kind == "count" { #expect(parts.allSatisfy { $0.count == 10 }) }
    let ran = try folder.run(["run", "a", "--partition", "\(kind):2/3"])
    #expect(ran.output.contains("\(parts[1].count) scenarios: \(parts[1].count) passed"))
  }

  @Test(arguments: ["hash", "hash:0/3", "hash:4/3", "count:1", "count:a/b", "round:1/2"])
  func aPartThatMakesNoSenseIsOne(_ text: String) throws {
    let folder = try BatchFolder(files)
    defer { folder.remove() }
    #expect(try folder.run(["run", "a", "--partition", text]).status == 1)
  }
}
