import Diagnostics
import Machine
import Syntax

/// The patches that the scenario names, members of families among them.
extension Lowering {
  /// Finds the patches that the scenario's text names, its `def`s included. Of a family only the
  /// members that it can mean: each is a patch of its own.
  func findPatches() {
    findCountedLocals()
    var wanted: Set<PatchReference> = []
    for value in row.values {
      if case .patch(let patch) = value.meaning { wanted.insert(patch) }
    }
    for mention in survey.patches {
      guard let member = mention.member else {
        wanted.insert(PatchReference(patch: mention.name))
        continue
      }
      for number in possibleMembers(of: mention.name, member) {
        wanted.insert(PatchReference(patch: mention.name, member: number))
      }
    }
    wanted.formUnion(targets.patches)
    wanted.formUnion(patchesOfSession)
    guard !wanted.isEmpty else { return }
    let numbers = Set(wanted.compactMap { index.number(ofPatch: $0.patch) }).sorted()
    for patch in numbers.map({ index.patches[$0] }) {
      for reference in patch.references where wanted.contains(reference) {
        patchIDs[reference] = PatchID(patches.count)
        patches.append(UsedPatch(reference: reference, index: patch))
        for member in patch.ofLivepatch { reportLivepatch(member.feature, member.range) }
      }
    }
  }

  /// The numbers that may stand between the brackets; all of the family's where only the run knows.
  private func possibleMembers(of name: String, _ place: Expression) -> [Int64] {
    let family = index.patch(named: name)?.family ?? []
    if let number = compileTime.value(of: place) { return family.filter { $0 == number } }
    if case .local(let id)? = facts.symbols[place.unparenthesised.range],
      let range = countedLocals[id]
    {
      return family.filter(range.contains)
    }
    return family
  }

  private func findCountedLocals() {
    for loop in survey.countedLoops {
      guard let first = compileTime.value(of: loop.low),
        let last = compileTime.value(of: loop.high), first <= last
      else { continue }
      countedLocals[loop.variable] = first...last
    }
  }

  /// `bump[i]`: the handle of the member with that number. One that the family lacks is an error of
  /// the run, as is the name of a patch that nobody has.
  func emitFamilyMember(
    _ name: String, _ wantedNumber: Expression, _ range: SourceRange, into wanted: Int?
  ) -> Int {
    if let number = compileTime.value(of: wantedNumber) {
      let register = wanted ?? builder.allocate()
      guard let patch = patchID(PatchReference(patch: name, member: number)) else {
        let patch = index.patch(named: name)
        report(
          .noFamilyMember(
            name, number, numbers: patch?.family ?? [], at: wantedNumber.range,
            declared: patch?.declaration.family?.values.range))
        return register
      }
      emitLoad(Int64(patch.rawValue), into: register)
      return register
    }
    let members = patches.enumerated().filter { $0.element.reference.patch == name }
    let number = lower(wantedNumber)
    let register = builder.allocate()
    let candidate = builder.allocate()
    let end = newTarget()
    for (patch, member) in members {
      emitLoad(Int64(patch), into: register)
      emitLoad(member.reference.member ?? 0, into: candidate)
      emit(.equal, a: candidate, b: candidate, c: number)
      emitBranch(.jumpIfTrue, candidate, to: end)
    }
    emitLoad(-Int64(Errno.ENOENT.rawValue), into: candidate)
    requireStatus(candidate, nil, range, verb: checked.text(of: range))
    program.outcomes[program.outcomes.count - 1].members =
      members.compactMap(\.element.reference.member).words
    place(end)
    guard let wanted else { return register }
    emit(.move, a: wanted, b: register)
    return wanted
  }
}
