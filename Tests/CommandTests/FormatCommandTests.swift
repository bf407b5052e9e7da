import Foundation
import Testing

@Suite struct FormatCommandTests {
  static let untidy = "scenario  \"s\" {\nassert 1==1   # why\n}\n"
  static let tidy = "scenario \"s\" {\n    assert 1 == 1  # why\n}\n"

  @Test func aFileIsLaidOutInPlaceAndKeepsItsMode() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let file = try scratch.write("a.graft", Self.untidy)
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file.path)
    let run = try GraftProcess.run(["fmt", "a.graft"], in: scratch.folder)
    #expect(run.status == 0)
    #expect(run.output + run.complaint == "")
    #expect(try scratch.text("a.graft") == Self.tidy)
    let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
    #expect(attributes[.posixPermissions] as? Int == 0o640)
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.folder.path) == ["a.graft"])
  }

  @Test func aTidyFileIsNotTouched() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let file = try scratch.write("a.graft", Self.tidy)
    let before = try FileManager.default.attributesOfItem(atPath: file.path)
    let run = try GraftProcess.run(["fmt", "a.graft"], in: scratch.folder)
    let after = try FileManager.default.attributesOfItem(atPath: file.path)
    #expect(run.status == 0)
    #expect(before[.systemFileNumber] as? Int == after[.systemFileNumber] as? Int)
  }

  @Test func checkListsFilesAndChangesNothing() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    try scratch.write("untidy.graft", Self.untidy)
    try scratch.write("tidy.graft", Self.tidy)
    let run = try GraftProcess.run(
      ["fmt", "--check", "tidy.graft", "untidy.graft"], in: scratch.folder)
    #expect(run.status == 7)
    #expect(run.output == "untidy.graft\n")
    #expect(try scratch.text("untidy.graft") == Self.untidy)
  }

  @Test func standardInputGoesToStandardOutput() throws {
    let run = try GraftProcess.run(["fmt", "-"], input: Array(Self.untidy.utf8))
    #expect(run.status == 0)
    #expect(run.output == Self.tidy)
    let again = try GraftProcess.run(["fmt", "-"], input: Array(run.output.utf8))
    #expect(again.output == Self.tidy)
  }

  @Test func aFileWithSyntaxErrorsIsLeftAloneAndTheOthersAreNot() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    try scratch.write("broken.graft", "scenario \"s\" {\n")
    try scratch.write("a.graft", Self.untidy)
    let run = try GraftProcess.run(["fmt", "broken.graft", "a.graft"], in: scratch.folder)
    #expect(run.status == 2)
    #expect(run.complaint.contains("error[E0105]"))
    #expect(try scratch.text("broken.graft") == "scenario \"s\" {\n")
    #expect(try scratch.text("a.graft") == Self.tidy)
  }

  @Test func aLinkStaysALink() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    try scratch.write("real/a.graft", Self.untidy)
    let link = scratch.folder.appending(path: "link.graft")
    try FileManager.default.createSymbolicLink(
      atPath: link.path, withDestinationPath: "real/a.graft")
    #expect(try GraftProcess.run(["fmt", "link.graft"], in: scratch.folder).status == 0)
    #expect(try scratch.text("real/a.graft") == Self.tidy)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link.path) == "real/a.graft")
  }

  @Test func whatCannotBeReadIsSaidOnce() throws {
    let run = try GraftProcess.run(["fmt", "nowhere.graft"])
    #expect(run.status == 1)
    #expect(run.complaint == "graft: nowhere.graft: No such file or directory\n")
    #expect(try GraftProcess.run(["fmt", "/dev/null"]).status == 0)
  }

  @Test func aFolderMeansTheFilesInItEachOnce() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    try scratch.write("d/e/untidy.graft", Self.untidy)
    try scratch.write("d/tidy.graft", Self.tidy)
    try scratch.write("d/notes.txt", Self.untidy)
    try scratch.write("none/notes.txt", Self.untidy)
    func run(_ words: [String]) throws -> (status: Int32, output: String) {
      let run = try GraftProcess.run(["fmt"] + words, in: scratch.folder)
      return (run.status, run.output)
    }
    #expect(try run(["--check", "d", "d/e/untidy.graft", "d/**"]) == (7, "d/e/untidy.graft\n"))
    #expect(try run(["none", "d"]) == (5, ""))
    #expect(try scratch.text("d/e/untidy.graft") == Self.tidy)
    #expect(try scratch.text("d/notes.txt") == Self.untidy)
    #expect(try run(["--check", "d"]) == (0, ""))
  }

  /// The files that people read first are laid out as the command says.
  @Test func theScenariosOfThisPackageAreTidy() throws {
    let folder = packageRoot.appending(path: "Scenarios")
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".graft") }
    let run = try GraftProcess.run(["fmt", "--check"] + files, in: folder)
    #expect(run.status == 0)
    #expect(run.output + run.complaint == "")
  }
}
