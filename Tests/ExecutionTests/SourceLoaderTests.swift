import Diagnostics
import Execution
import Testing

/// `use`: what it brings in, and what it doesn't.
@Suite struct SourceLoaderTests {
  private func load(_ files: [String: String], main: String = "main.graft") -> SourceLoader {
    var asked: [String] = []
    var loader = SourceLoader { path in
      asked.append(path)
      guard let text = files[path] else {
        return .failure(.init(reason: "No such file or directory"))
      }
      return .success(Array(text.utf8))
    }
    loader.load(main, bytes: Array((files[main] ?? "").utf8))
    return loader
  }

  private func codes(_ loader: SourceLoader) -> [String] {
    loader.diagnostics.map(\.code.rawValue)
  }

  @Test func bringsInWhatIsUsedDeepestFirstAndOnce() {
    let loader = load([
      "main.graft": "use \"a.graft\"\nuse \"b.graft\"\n",
      "a.graft": "use \"common/c.graft\"\n",
      "b.graft": "use \"common/c.graft\"\n",
      "common/c.graft": "program p { exit }\n",
    ])
    #expect(codes(loader) == [])
    let names = loader.trees.map { loader.sources[$0.file].name }
    #expect(names == ["common/c.graft", "a.graft", "b.graft", "main.graft"])
  }

  @Test func pathsAreRelativeToTheFileThatSaysThem() {
    let loader = load(
      [
        "tests/deep/main.graft": "use \"../kernels/k.graft\"\n",
        "tests/kernels/k.graft": "use \"./l.graft\"\n", "tests/kernels/l.graft": "",
      ], main: "tests/deep/main.graft")
    #expect(codes(loader) == [])
    #expect(loader.trees.count == 3)
  }

  @Test(arguments: ["/etc/passwd", "../x.graft", "a/../../x.graft", ""])
  func nothingOutsideTheRootIsRead(_ path: String) {
    let loader = load(["main.graft": "use \"\(path)\"\n"])
    #expect(codes(loader).contains("E0801"))
    #expect(loader.trees.count == 1)
  }

  @Test func aCircleIsToldWithItsChain() throws {
    let loader = load([
      "main.graft": "use \"a.graft\"\n", "a.graft": "use \"b.graft\"\n",
      "b.graft": "use \"a.graft\"\n",
    ])
    let diagnostic = try #require(loader.diagnostics.first)
    #expect(diagnostic.code.rawValue == "E0802")
    #expect(diagnostic.notes == ["a.graft uses b.graft uses a.graft"])
    // The reader learns how the file came in: main uses a, a uses b.
    #expect(diagnostic.range.map { loader.sources.includeChain(of: $0.file).count } == 2)
  }

  @Test func aFileThatUsesItselfIsACircle() {
    #expect(codes(load(["main.graft": "use \"main.graft\"\n"])) == ["E0802"])
  }

  @Test func aMissingFileIsNamedWithTheReason() throws {
    let loader = load(["main.graft": "use \"gone.graft\"\n"])
    let diagnostic = try #require(loader.diagnostics.first)
    #expect(diagnostic.code.rawValue == "E0803")
    #expect(diagnostic.message.contains("gone.graft"))
    #expect(diagnostic.message.contains("No such file or directory"))
  }
}
