import Machine

/// What the operator of a test's world does, a statement a line.
enum Statement {
  /// Spawns so many of a program into a list.
  case spawn(Int, Int, into: Int)
  /// The same, bound to the CPU that comes first.
  case spawnOn(Int, Int, Int, into: Int)
  case apply(Int, fails: [Errno] = [])
  case revert(Int, fails: [Errno] = [])
  case force
  /// A line after `$`.
  case command(String, fails: [Errno] = [])
  /// The same, whatever comes of it.
  case tryCommand(String)
  case awaitNotInProgress
  /// To every task of a list.
  case signal(Signal, list: Int)
  /// To the one task in slot `task`.
  case signalOne(Signal, task: Int)
  case wake(Int, limit: Int? = nil)
  case sleep(Int, upTo: Int? = nil)
  case arm(Int)
  /// Asserts that a query about the task in that slot gives this value.
  case expect(Query, task: Int, Int)
  /// The same, and it goes on.
  case check(Query, task: Int, Int)
  /// Reports the value of a kernel variable by that name.
  case report(String, variable: Int)
}

extension Statement {
  fileprivate var isReport: Bool { if case .report = self { true } else { false } }
}

extension ProgramBuilder {
  /// Registers 0 and 1 are for lists, 2 to 5 for what statements need, 6 and 7 for conditions.
  mutating func scenario(_ statements: [Statement]) -> Program {
    var starts: [Int: Int] = [:]
    let sites = statements.map { statement -> Int? in
      guard case .awaitNotInProgress = statement else { return nil }
      return awaitSite()
    }
    let outcomes = statements.map { statement -> Int? in
      switch statement {
      case .apply(_, let errors), .revert(_, let errors), .command(_, let errors):
        return outcome(errors)
      case .force: return outcome([])
      default: return nil
      }
    }
    let lines = statements.map { statement -> Int? in
      switch statement {
      case .command(let text, _), .tryCommand(let text), .report(let text, _): return line(text)
      default: return nil
      }
    }
    let assertions = statements.map { statement -> Int? in
      var captures: [Capture] = []
      switch statement {
      case .expect: break
      case .check:
        captures.append(Capture(origin: .none, address: 0, register: 3, kind: .integer))
      default: return nil
      }
      program.assertions.append(
        ConditionSite(text: "…", origin: .none, start: 0, captures: captures))
      return program.assertions.count - 1
    }
    let text = program.texts.count
    if statements.contains(where: \.isReport) {
      program.texts.append(TextSite(origin: .none, pieces: ["", ""], kinds: [.integer]))
    }
    var made = scenario(registers: 8) { code in
      for (number, statement) in statements.enumerated() {
        if let site = sites[number] {
          starts[site] = code.awaitNotInProgress(site)
        } else {
          code.emit(
            statement, outcome: outcomes[number], assertion: assertions[number],
            line: lines[number], text: text)
        }
      }
    }
    for (site, start) in starts { made.awaits[site].start = start }
    return made
  }
}

extension Code {
  fileprivate mutating func emit(
    _ statement: Statement, outcome: Int?, assertion: Int?, line: Int?, text: Int
  ) {
    switch statement {
    case .spawnOn(let cpu, let program, let count, let list):
      emit(.loadImmediate, a: 2, wide: count)
      emit(.spawn, a: list, b: program, c: 2)
      boundSpawns[here - 1] = cpu
    case .spawn(let program, let count, let list):
      emit(.loadImmediate, a: 2, wide: count)
      emit(.spawn, a: list, b: program, c: 2)
    case .apply(let patch, _):
      emit(.loadImmediate, a: 3, wide: patch)
      emit(.apply, a: 2, b: 3)
      emit(.requireStatus, a: 2, c: outcome ?? 0)
    case .revert(let patch, _):
      emit(.loadImmediate, a: 3, wide: patch)
      emit(.revert, a: 2, b: 3)
      emit(.requireStatus, a: 2, c: outcome ?? 0)
    case .force:
      emit(.force, a: 2)
      emit(.requireStatus, a: 2, c: outcome ?? 0)
    case .command, .tryCommand:
      emit(.loadImmediate, a: 2, wide: 0)
      emit(.loadConstant, a: 3, wide: line ?? 0)
      emit(.command, a: 2, b: 3, c: Instruction.noRegister)
      if let outcome { emit(.requireStatus, a: 2, c: outcome) }
    case .awaitNotInProgress: break
    case .signal(let signal, let list):
      emit(.loadImmediate, a: 4, wide: 0)
      emit(.signal, a: list, b: signal.rawValue, c: 4)
    case .signalOne(let signal, let task):
      emit(.loadImmediate, a: 2, wide: task)
      emit(.signalOne, a: 2, b: signal.rawValue, c: 4)
    case .wake(let queue, let limit):
      if let limit { emit(.loadImmediate, a: 2, wide: limit) }
      emit(.wake, a: limit == nil ? Instruction.noRegister : 2, b: queue)
    case .sleep(let least, let most):
      emit(.loadImmediate, a: 2, wide: least)
      emit(.loadImmediate, a: 3, wide: most ?? least)
      emit(.operatorSleep, a: 2, b: 3)
    case .arm(let property):
      emit(.arm, c: property)
    case .report(_, let variable):
      emit(.observe)
      emit(.loadConstant, a: 2, wide: line ?? 0)
      emit(.query, a: 3, b: variable, c: Int(Query.variable.rawValue))
      emit(.report, a: 2, b: 3, c: text)
    case .expect(let query, let task, let value), .check(let query, let task, let value):
      emit(.observe)
      emit(.loadImmediate, a: 2, wide: task)
      emit(.query, a: 3, b: 2, c: Int(query.rawValue))
      emit(.loadImmediate, a: 4, wide: value)
      emit(.equal, a: 5, b: 3, c: 4)
      var operation = Operation.require
      if case .check = statement { operation = .check }
      emit(operation, a: 5, c: assertion ?? 0)
    }
  }

  /// `await not in_progress`; gives the address of its condition.
  mutating func awaitNotInProgress(_ site: Int) -> Int {
    let wait = freshLabel()
    emit(.jump, to: wait)
    let start = here
    emit(.query, a: 6, c: Int(Query.inProgress.rawValue))
    emit(.not, a: 7, b: 6)
    emit(.conditionEnd, a: 7)
    label(wait)
    emit(.await, a: Instruction.noRegister, c: site)
    return start
  }
}
