import Diagnostics

extension Parser {
  /// Reports a brace right before the `{` of a block, where the braces do not pair up: one that
  /// stands where a `)` is meant (`fn f(} {`), or the `{` once more. Both are read as they are
  /// meant.
  ///
  /// - Parameter unpaired: how many braces have no partner.
  /// - Returns: how many still have none.
  mutating func repairDoubledBraces(_ unpaired: Int) -> Int {
    var mended: [Token] = []
    var slips: [(place: Int, open: Int?)] = []
    for (place, token) in tokens.enumerated() {
      mended.append(token)
      guard token.kind == .leftBrace || token.kind == .rightBrace, place + 1 < tokens.count,
        tokens[place + 1].kind == .leftBrace, !tokens[place + 1].followsLineBreak
      else { continue }
      let open = openParenthesis(before: place)
      if let open {
        mended[mended.count - 1].kind = .rightParen
        slips.append((place, open))
      } else if token.kind == .leftBrace {
        mended.removeLast()
        slips.append((place, nil))
      }
    }
    let left = slips.isEmpty ? unpaired : BraceRepair.unpaired(mended)
    guard left + slips.count <= unpaired, (1...Self.greatestSlipCount).contains(slips.count) else {
      return unpaired
    }
    for (place, open) in slips where !bag.isFull {
      let shown = "`\(shown(tokens[place]))`"
      if let open {
        bag.report(
          .unclosedBracket(
            ")", opened: range(of: tokens[open]), found: shown, at: range(of: tokens[place])))
      } else {
        bag.report(
          .expectedStatement(
            found: shown, help: "one `{` begins the block: leave the other one out",
            at: range(of: tokens[place + 1])))
      }
    }
    tokens = mended
    return left
  }

  /// More of them than this are something else.
  private static let greatestSlipCount = 3

  /// The `(` that is open before a place, with nothing but names behind it.
  private func openParenthesis(before place: Int) -> Int? {
    var before = place
    while before > 0, place - before < 20 {
      if tokens[before].followsLineBreak { return nil }
      before -= 1
      switch tokens[before].kind {
      case .leftParen: return before
      case .word, .comma: continue
      default: return nil
      }
    }
    return nil
  }
}
