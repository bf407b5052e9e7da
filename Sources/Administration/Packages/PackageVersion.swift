import Machine

/// A version and a release, compared as `rpm` does: numbers as numbers, the rest as text, piece by
/// piece.
struct PackageVersion: Comparable {
  private enum Piece: Comparable {
    // A letter comes before any number.
    case word(String)
    case number(Int)
  }

  private let pieces: [Piece]

  init(_ text: String) {
    var pieces: [Piece] = []
    var run = ""
    func end() {
      guard !run.isEmpty else { return }
      pieces.append(Int(run).map(Piece.number) ?? .word(run))
      run = ""
    }
    for letter in text {
      guard letter.isLetter || letter.isNumber else {
        end()
        continue
      }
      if let last = run.last, last.isNumber != letter.isNumber { end() }
      run.append(letter)
    }
    end()
    self.pieces = pieces
  }

  static func < (left: PackageVersion, right: PackageVersion) -> Bool {
    left.pieces.lexicographicallyPrecedes(right.pieces)
  }
}

extension ChannelPackage {
  /// `kgraft-patch-3_12_61-52-default-2-2.1.x86_64`
  var fullName: String { "\(name)-\(version).x86_64" }

  /// Whether what was typed behind `=` means this version: with its release or without.
  func isVersion(_ wanted: String) -> Bool {
    version == wanted || version.hasPrefix(wanted + "-")
  }
}
