import Diagnostics
import Syntax

/// An interrupt handler must not sleep, and neither may anything that it calls.
///
/// The calls are walked with a list, not by recursion: a chain of them may be as long as a file.
/// A function is looked into once, however many handlers come to it: what is wrong with it is said
/// of the first.
extension Checker {
  /// What a function of the kernel and its replacements do, as far as it matters here.
  private struct Doings {
    var calls: [(key: MemberKey, range: SourceRange)] = []
    var waits: [SourceRange] = []
  }

  /// How a walk came to a function.
  private struct Visit {
    var key: MemberKey
    /// The place of the call, and the number of the visit in which it stands.
    var call: SourceRange?
    var caller: Int?
    var waits: [SourceRange] = []
  }

  func checkInterrupts(_ number: Int) {
    place = Place(context: .kernel, kernel: number)
    var seen: Set<MemberKey> = []
    for key in index.kernels[number].order where !isFull {
      guard let function = index.kernels[number].members[key]?.function,
        case .interrupt = function.flavour
      else { continue }
      let visits = walk(from: key, &seen)
      for (number, visit) in visits.enumerated() where visit.caller != nil {
        for wait in visit.waits {
          report(
            .sleepsInInterrupt(
              handler: function.name, path: path(to: number, visits), verb: "wait", at: wait))
        }
      }
    }
  }

  /// Everything that a handler comes to and none before it has come to, itself first.
  private func walk(from handler: MemberKey, _ seen: inout Set<MemberKey>) -> [Visit] {
    var visits = [Visit(key: handler)]
    seen.insert(handler)
    var next = 0
    while next < visits.count {
      let doings = doings(of: visits[next].key)
      visits[next].waits = doings.waits
      for call in doings.calls where seen.insert(call.key).inserted {
        visits.append(Visit(key: call.key, call: call.range, caller: next))
      }
      next += 1
    }
    return visits
  }

  /// Calls that a message shows; those in the middle of a longer way are left out.
  private static let greatestPath = 8

  private func path(
    to visit: Int, _ visits: [Visit]
  ) -> [(name: String, range: SourceRange)] {
    var path: [(name: String, range: SourceRange)] = []
    var number = visit
    while let caller = visits[number].caller, let call = visits[number].call {
      path.append((visits[number].key.spelling, call))
      number = caller
    }
    path.reverse()
    guard path.count > Self.greatestPath else { return path }
    let half = Self.greatestPath / 2
    return Array(path.prefix(half) + path.suffix(half))
  }

  private func doings(of key: MemberKey) -> Doings {
    var doings = Doings()
    for body in bodies(of: key) {
      body.body.forEachExpression { expression in
        switch expression.kind {
        case .wait: doings.waits.append(expression.range)
        case .call(let callee, _):
          guard case .function(let called)? = facts.symbols[callee.range] else { return }
          doings.calls.append((called, callee.range))
        default: break
        }
      }
    }
    return doings
  }

  /// The kernel's function and what patches put in its place.
  func bodies(of key: MemberKey) -> [FunctionDeclaration] {
    var bodies: [FunctionDeclaration] = []
    if let function = member(key)?.function { bodies.append(function) }
    if place.kernel == index.booted { bodies += replacements[key] ?? [] }
    return bodies
  }
}
