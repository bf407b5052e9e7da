import Diagnostics

/// The constants that one is made of, and those that these are made of, each behind what it is made
/// of itself: who reckons them in that order never has one wait for another. Found without
/// recursion, for a chain of them may be as long as a file.
enum ConstantChain {
  /// A constant that stands in the value of another, and where.
  struct Part {
    var key: MemberKey
    var place: SourceRange
  }

  private struct Open {
    var key: MemberKey
    var parts: [Part]
    var next = 0
  }

  /// - Parameters:
  ///   - parts: what the value of a constant is made of; none where it is known already.
  ///   - closesCircle: called for each part that is waiting for the constant it stands in.
  static func order(
    to key: MemberKey, parts: (MemberKey) -> [Part], closesCircle: (Part) -> Void
  ) -> [MemberKey] {
    var order: [MemberKey] = []
    var isWaiting = [key: true]
    var open = [Open(key: key, parts: parts(key))]
    while let last = open.last {
      guard last.next < last.parts.count else {
        isWaiting[last.key] = false
        order.append(last.key)
        open.removeLast()
        continue
      }
      open[open.count - 1].next += 1
      let part = last.parts[last.next]
      switch isWaiting[part.key] {
      case true?: closesCircle(part)
      case false?: break
      case nil:
        isWaiting[part.key] = true
        open.append(Open(key: part.key, parts: parts(part.key)))
      }
    }
    return order
  }
}
