import Graft

/// What a console needs of the world outside: files, an editor, a terminal's size. The command
/// gives the real ones, a test its own.
package struct Surroundings {
  /// The bytes of a file, or why they can't be had.
  package var read: (_ path: String) -> Result<[UInt8], SourceLoader.ReadFailure>
  /// What reads the files that a file uses.
  package var reader: (_ path: String) -> SourceLoader.Reader
  /// Writes a file whole; gives what went wrong.
  package var write: (_ path: String, _ text: String) -> String?
  /// Lets somebody edit a text, or says why that can't be done.
  package var edit: (_ text: String) -> Result<String, SourceLoader.ReadFailure>
  /// The names in a folder; those of folders end in a slash.
  package var list: (_ folder: String) -> [String] = { _ in [] }
  /// Where `~/` leads to.
  package var home: String?
  package var width: () -> Int = { 100 }
  package var height: () -> Int = { 24 }
  package var paint = Paint(isColoured: false)
  package var say: (String) -> Void
  package var isCancelled: @Sendable () -> Bool = { false }
  /// Somebody sits there.
  package var isInteractive = false

  package init(
    read: @escaping (String) -> Result<[UInt8], SourceLoader.ReadFailure>,
    reader: @escaping (String) -> SourceLoader.Reader,
    write: @escaping (String, String) -> String?,
    edit: @escaping (String) -> Result<String, SourceLoader.ReadFailure> = { _ in
      .failure(.init(reason: "there is no editor here"))
    },
    say: @escaping (String) -> Void
  ) {
    self.read = read
    self.reader = reader
    self.write = write
    self.edit = edit
    self.say = say
  }
}
