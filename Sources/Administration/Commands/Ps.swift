import Machine

extension Commands {
  /// `ps` (procps-ng 3.3): the processes of the operator's terminal, with `-e`, `ax` or `aux` all
  /// of them, with `-L` or `-T` each thread. What nobody counts is 0: CPU time, and the share of
  /// the CPU and of the memory.
  static let ps = ShellCommand(
    name: "ps", usage: "ps [-efLT] [ax] [aux] [-p PID] [-C NAME] [-o COLUMN,…]",
    help: "list the processes, or their threads", operands: .anything,
    objection: { line in
      guard case .failure(let complaint) = ProcessListing.read(line.words) else { return nil }
      return complaint.what
    },
    start: { line, machine, row, _ in
      switch ProcessListing.read(line.words) {
      case .success(let request): return request.end(machine, &row)
      case .failure(let complaint):
        return .ended(.failed(.EINVAL), "error: \(complaint.what)\n" + ProcessListing.usage)
      }
    })
}

private struct ProcessListing {
  struct Complaint: Error { var what: String }

  private var columns: [ProcessColumn] = []
  /// `-f` and `u`; columns of `-o` come instead.
  private var form = ProcessColumn.Form.short
  private var wantsAll = false
  private var threads = ProcessColumn.Threads.none
  private var pids: [Int]?
  private var names: [String]?

  static let usage = """

    Usage:
     ps [options]

     Try 'ps --help <simple|list|output|threads|misc|all>'
      or 'ps --help <s|l|o|t|m|a>'
     for additional help text.

    For more details see ps(1).

    """

  static func read(_ words: [String]) -> Result<ProcessListing, Complaint> {
    var listing = ProcessListing()
    var words = words.dropFirst()
    while let word = words.popFirst() {
      let complaint =
        word.hasPrefix("--")
        ? listing.takeLong(word, &words)
        : word.hasPrefix("-") ? listing.takeDashed(word, &words) : listing.takePlain(word, &words)
      if let complaint { return .failure(complaint) }
    }
    return .success(listing)
  }

  private static let unsupported = Complaint(what: "unsupported option")

  private mutating func takeLong(
    _ word: String, _ words: inout ArraySlice<String>
  ) -> Complaint? {
    let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
    guard let value = parts.count > 1 ? parts[1] : words.popFirst() else {
      return Complaint(what: "option requires an argument")
    }
    switch parts[0] {
    case "--pid": return select(pids: value)
    case "--format": return add(columns: value)
    default: return Self.unsupported
    }
  }

  /// Options with a dash. `-aux` means what `aux` does while nobody is called `x`.
  private mutating func takeDashed(
    _ word: String, _ words: inout ArraySlice<String>
  ) -> Complaint? {
    var letters = word.dropFirst()
    if letters.isEmpty { return Self.unsupported }
    if letters.hasPrefix("aux") { return takePlain(String(letters), &words) }
    while let letter = letters.popFirst() {
      switch letter {
      case "e", "A": wantsAll = true
      case "f": form = .full
      case "L": threads = .lightweight
      case "T": threads = .threadID
      case "w": break
      case "o", "p", "C":
        let value = letters.isEmpty ? words.popFirst() : String(letters)
        letters = ""
        guard let value else { return Complaint(what: "list of \(Self.whatItLists(letter))") }
        switch letter {
        case "o": if let complaint = add(columns: value) { return complaint }
        case "p": if let complaint = select(pids: value) { return complaint }
        default: names = (names ?? []) + value.split(separator: ",").map(String.init)
        }
      default: return Self.unsupported
      }
    }
    return nil
  }

  private static func whatItLists(_ letter: Character) -> String {
    switch letter {
    case "o": "formats must follow -o"
    case "p": "process IDs must follow -p"
    default: "command names must follow -C"
    }
  }

  /// BSD's options have no dash; a number is a process.
  private mutating func takePlain(
    _ word: String, _ words: inout ArraySlice<String>
  ) -> Complaint? {
    if let first = word.first, first.isNumber {
      if form == .short { form = .bsd }
      return select(pids: word)
    }
    if form == .short { form = .bsd }
    var letters = Set<Character>()
    for (place, letter) in word.enumerated() {
      switch letter {
      case "a", "x", "w": letters.insert(letter)
      case "u": form = .user
      case "o", "p":
        let rest = String(word.dropFirst(place + 1))
        guard let value = rest.isEmpty ? words.popFirst() : rest else {
          return Complaint(what: "list of \(Self.whatItLists(letter))")
        }
        return letter == "o" ? add(columns: value) : select(pids: value)
      default: return Self.unsupported
      }
    }
    // Other users' and those without a terminal: only both together are all.
    wantsAll = wantsAll || letters.isSuperset(of: ["a", "x"])
    return nil
  }

  private mutating func select(pids list: String) -> Complaint? {
    let numbers = list.split(separator: ",").map { Int($0) }
    guard !numbers.isEmpty, !numbers.contains(nil) else {
      return Complaint(what: "process ID list syntax error")
    }
    pids = (pids ?? []) + numbers.compactMap(\.self)
    return nil
  }

  /// `pid,stat,comm=COMMAND`: the last may have a heading of its own.
  private mutating func add(columns list: String) -> Complaint? {
    let parts = list.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let wanted = parts[0].split(whereSeparator: { $0 == "," || $0 == " " }).map(String.init)
    guard !wanted.isEmpty else { return Complaint(what: "improper list") }
    for (place, name) in wanted.enumerated() {
      let words = name.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      let width = words.count == 2 ? Int(words[1]) : nil
      guard var column = ProcessColumn.named(String(words[0])),
        words.count == 1 || width.map({ $0 > 0 }) == true
      else {
        return Complaint(what: "unknown user-defined format specifier \"\(name)\"")
      }
      // `wchan:20`: so wide.
      if let width { column.width = width }
      if parts.count > 1, place == wanted.count - 1 { column.heading = String(parts[1]) }
      columns.append(column)
    }
    return nil
  }

  func end(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> CommandStart {
    let columns = self.columns.isEmpty ? form.columns(threads) : self.columns
    let headings = columns.map(\.heading)
    var output = headings.allSatisfy(\.isEmpty) ? "" : line(headings, columns)
    var isAny = false
    let isChosen = pids != nil || names != nil
    for subject in TaskSubject.processes(machine, &row) {
      let facts = subject.facts(machine, &row)
      let isWanted =
        wantsAll || pids?.contains(facts.pid) == true || names?.contains(facts.comm) == true
        || (!isChosen && facts.isOnTerminal)
      guard isWanted else { continue }
      isAny = true
      for thread in threads == .none ? [subject] : subject.threads(machine, &row) {
        let facts = thread.facts(machine, &row)
        let cells = columns.map { column in
          column.needsPlace ? Self.place(of: thread, machine, &row) : column.text(facts)
        }
        output += line(cells, columns)
      }
    }
    // A process that was asked for and is not there is a failure; an empty terminal is none.
    return .ended(isAny || !isChosen ? .success : .no(), output)
  }

  /// The kernel function that it sleeps in; `-` while it runs, or has ended.
  private static func place(
    of subject: TaskSubject, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> String {
    TaskFile.sleepingFunction(of: subject, machine, &row).map { String($0.prefix(6)) } ?? "-"
  }

  /// The last column is as wide as its text.
  private func line(_ cells: [String], _ columns: [ProcessColumn]) -> String {
    var text = ""
    for (place, (cell, column)) in zip(cells, columns).enumerated() {
      if place > 0 { text += " " }
      let isLast = place == cells.count - 1
      text +=
        column.isRight
        ? cell.aligned(to: column.width) : isLast ? cell : cell.padded(to: column.width)
    }
    return text + "\n"
  }
}
