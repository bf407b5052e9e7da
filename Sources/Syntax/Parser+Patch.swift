import Diagnostics

extension Parser {
  /// patch = "patch" name [ "for" axis ] "{" … "}"
  mutating func patchDeclaration() -> PatchDeclaration {
    let start = current
    advance()
    let name = name(of: "a patch")
    let isForKernel = at(.for) && peek().kind == .stringOpen && !peek().followsLineBreak
    if isForKernel {
      advance()
      let release = current
      _ = string()
      correct(.patchForKernel(at: range(from: release)))
    }
    let family = !isForKernel && eat(.for) ? axis() : nil
    let members = patchMembers("patch")
    return PatchDeclaration(
      name: name, family: family, members: members, range: range(from: start))
  }

  private mutating func patchMembers(_ what: String) -> [PatchMember] {
    var members: [PatchMember] = []
    let isWhole = what == "patch"
    memberListDepth += 1
    defer { memberListDepth -= 1 }
    _ = braced(what, endsAt: .fileDeclaration) { parser in
      let start = parser.current
      if let member = parser.patchMember() {
        if isWhole || parser.mayStandInModule(member, at: start) { members.append(member) }
      }
      parser.endMember()
    }
    return members
  }

  private mutating func patchMember() -> PatchMember? {
    let start = current
    switch start.word {
    case .package: return .package(packageClause())
    case .vermagic:
      advance()
      let release = textLiteral("the release that the patch was built for")
      return .vermagic(VermagicClause(release: release, range: range(from: start)))
    case .fixes: return .fixes(fixesClause())
    case .replaces:
      advance()
      expect(
        .all, "after `replaces`",
        help: "a cumulative patch takes the place of every earlier one: `replaces all`")
      return .replacesAll(range(from: start))
    case .immediate:
      advance()
      return .immediate(range(from: start))
    case .const: return .constant(constant())
    case .var: return .variable(variable())
    case .fn, .syscall, .irq, .kthread, .inline, .notrace, .foreign, .weak, .required, .new:
      return function(in: "patch").map { .function($0) }
    case .module: return .module(patchedModule())
    case .record: return .record(record())
    case .shadow: return .shadow(shadowDeclaration())
    case .state: return .state(stateDeclaration())
    case .on: return callback().map { .callback($0) }
    default:
      unknownMember(of: "patch", among: WordGroup.patchMembers.words)
      return nil
    }
  }

  private mutating func mayStandInModule(_ member: PatchMember, at start: Token) -> Bool {
    switch member {
    case .constant, .variable, .function, .record, .shadow: return true
    case .package, .vermagic, .fixes, .replacesAll, .immediate, .state, .callback, .module:
      correct(
        .misplacedMember(
          "`\(text(of: start))`", belongs: "the `patch` itself, outside its modules",
          at: range(of: start)))
      return false
    }
  }

  private mutating func packageClause() -> PackageClause {
    let start = current
    advance()
    let name = textLiteral("the name of a package")
    let version = eat(.version) ? textLiteral("the version of a package") : nil
    return PackageClause(name: name, version: version, range: range(from: start))
  }

  private mutating func fixesClause() -> FixesClause {
    let start = current
    advance()
    var references = [textLiteral("what is fixed")]
    while !isAtLineBreak, eat(.comma) {
      bracketDepth += 1
      references.append(textLiteral("what is fixed"))
      bracketDepth -= 1
    }
    return FixesClause(references: references, range: range(from: start))
  }

  private mutating func patchedModule() -> PatchedModule {
    let start = current
    advance()
    let name = textLiteral("the name of a module")
    let members = patchMembers("module")
    return PatchedModule(name: name, members: members, range: range(from: start))
  }

  private mutating func shadowDeclaration() -> ShadowDeclaration {
    let start = current
    advance()
    let name = name(of: "a shadow variable")
    expect(.on, "and the record that it extends")
    let record = self.name(of: "a record")
    return ShadowDeclaration(name: name, record: record, range: range(from: start))
  }

  private mutating func stateDeclaration() -> StateDeclaration {
    let start = current
    advance()
    let id = sumExpression(after: "state")
    expect(.version, "after the number of a state")
    let version = sumExpression(after: "version")
    return StateDeclaration(id: id, version: version, range: range(from: start))
  }

  /// callback = "on" moment [ "in" "module" text ] block
  private mutating func callback() -> Callback? {
    let start = current
    advance()
    guard let moment = callbackMoment(current.word), !isAtLineBreak else {
      report(
        .expected(
          "`pre_patch`, `post_patch`, `pre_unpatch` or `post_unpatch`", context: "after `on`",
          found: found, form: ForeignWords.patchMoments[text(of: current)], at: placeOfMissing))
      skipToStatementEnd()
      return nil
    }
    advance()
    var module: TextLiteral?
    if eat(.in) {
      expect(.module, "after `in`")
      module = textLiteral("the name of a module")
    }
    let body = block("on")
    return Callback(moment: moment, module: module, body: body, range: range(from: start))
  }

  private func callbackMoment(_ word: Word?) -> Callback.Moment? {
    switch word {
    case .prePatch: .prePatch
    case .postPatch: .postPatch
    case .preUnpatch: .preUnpatch
    case .postUnpatch: .postUnpatch
    default: nil
    }
  }
}
