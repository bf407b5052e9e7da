import Machine

/// What a schedule has reported up to a world, and which of its checks have failed: what an outcome
/// is known by beside the world that it ends in.
struct Account: Sendable, Hashable {
  /// By name, in the order of names; a figure that is reported again has its last value.
  private(set) var figures: [Figure] = []
  /// The numbers of their assertions, in order.
  private(set) var failedChecks: [Int] = []

  mutating func add(_ workspace: Workspace) {
    for figure in workspace.figures {
      let place = figures.firstIndex { $0.name >= figure.name } ?? figures.count
      if place < figures.count, figures[place].name == figure.name {
        figures[place] = figure
      } else {
        figures.insert(figure, at: place)
      }
    }
    let failed = Set(failedChecks).union(workspace.failedChecks.map(\.assertion))
    failedChecks = failed.sorted()
  }

  /// A hash of the content, so that equal accounts are equal words whoever made them first. Nothing
  /// reported is 0.
  var word: UInt64 {
    guard self != Account() else { return 0 }
    var text = ""
    for figure in figures {
      text += "\(figure.name.utf8.count) \(figure.name) \(figure.text.utf8.count) \(figure.text)\n"
    }
    for check in failedChecks { text += "\(check)\n" }
    return max(1, UInt64(bitPattern: StringTable.word(for: text)))
  }
}

/// What the words stand for that a search keeps in place of accounts.
struct AccountTable: Sendable {
  private var accounts: [UInt64: Account] = [0: Account()]

  var count: Int { accounts.count }

  /// The account that a word stands for.
  subscript(word: UInt64) -> Account { accounts[word] ?? Account() }

  /// The word of an account and what a step has added to it.
  mutating func word(adding workspace: Workspace, to word: UInt64) -> UInt64 {
    var account = self[word]
    account.add(workspace)
    var new = account.word
    // Where the hash of another one is the same, the next number stands for it.
    while let other = accounts[new], other != account { new &+= 1 }
    accounts[new] = account
    return new
  }

  mutating func learn(_ other: AccountTable) {
    accounts.merge(other.accounts) { own, _ in own }
  }
}
