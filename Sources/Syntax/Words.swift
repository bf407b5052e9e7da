// Every word that the language gives a meaning to.
//
// Few of them are reserved. The others mean something only where the grammar asks for them, so a
// variable may be called `state`, `timer` or `package`. The groups below are what the parser, the
// editor grammars and completion read; a word may stand in several.

/// A word of the language.
package enum Word: String, Hashable, Sendable, CaseIterable {
  // Reserved.
  case and, or, not, `in`, `if`, `else`, `for`, `while`, loop, `return`, `break`, `continue`
  case `let`, `var`, `true`, `false`, spawn, wait, alloc
  // Declarations and their parts.
  case use, kernel, module, patch, program, machine, def, boot, scenario, lesson
  case const, lock, queue, record, fn, syscall, irq, kthread, inline, notrace, list
  case foreign, weak, required, vermagic
  case every, at, on, `init`, exit, schedule
  case package, version, fixes, replaces, all, new, shadow, state
  case prePatch = "pre_patch"
  case postPatch = "post_patch"
  case preUnpatch = "pre_unpatch"
  case postUnpatch = "post_unpatch"
  case cpus, slice, patching, preempt, jitter, ftrace
  case skip, xfail
  // Verbs.
  case apply, revert, force, signal, wake, write, assert, check, always, never, reach, await
  case sleep, expect, log, print, say, report, reboot, cat
  case work, fork, thread, reap, ignore, choose
  case unlock, free, printk, oops, irqs, bh, off, atomic, safe, point, drop, has
  case previousState = "prev_state"
  case chapter, pause, show, ask, right, wrong, because, hint, reveal, notes
  // Inside expressions and after verbs.
  case of, cpu, count, some, within, fails, timeout, until
  case interruptible, uninterruptible, killable, freezable
  // Values with a fixed name.
  case old, kgraft, livepatch, kpatch, ksplice, immediate
}

/// A group of words that belong together, for grammar files, completion and suggestions.
package struct WordGroup: Sendable {
  package var name: String
  package var words: [Word]

  package var spellings: [String] { words.map(\.rawValue) }

  func has(_ word: Word) -> Bool { words.contains(word) }

  /// Never a name: each of these can begin or continue something anywhere.
  package static let reserved = WordGroup(
    name: "reserved",
    words: [
      .and, .or, .not, .in, .if, .else, .for, .while, .loop, .return, .break, .continue, .let,
      .var, .true, .false, .spawn, .wait, .alloc,
    ])

  package static let declarations = WordGroup(
    name: "declaration",
    words: [
      .use, .kernel, .module, .patch, .program, .machine, .def, .boot, .scenario, .lesson,
    ])

  /// Words that begin a member of a kernel or a module.
  package static let kernelMembers = WordGroup(
    name: "kernelMember",
    words: [
      .const, .var, .lock, .queue, .record, .fn, .syscall, .irq, .kthread, .inline, .notrace,
      .module, .on,
    ])

  /// Words that begin a member of a patch.
  package static let patchMembers = WordGroup(
    name: "patchMember",
    words: [
      .package, .vermagic, .fixes, .replaces, .immediate, .const, .var, .fn, .syscall, .irq,
      .kthread, .new, .inline, .notrace, .foreign, .weak, .required, .module, .record, .shadow,
      .state, .on,
    ])

  /// Words that go with a declaration.
  package static let clauses = WordGroup(
    name: "clause",
    words: [
      .list, .every, .at, .on, .`init`, .exit, .schedule, .version, .all, .prePatch, .postPatch,
      .preUnpatch, .postUnpatch, .skip, .xfail,
    ])

  package static let machineSettings = WordGroup(
    name: "machineSetting", words: [.cpus, .slice, .patching, .preempt, .jitter, .ftrace])

  package static let operatorVerbs = WordGroup(
    name: "operatorVerb",
    words: [
      .spawn, .apply, .revert, .force, .signal, .wake, .cat, .write, .assert, .check, .always,
      .never, .reach, .await, .sleep, .expect, .log, .print, .say, .report, .boot, .reboot,
    ])

  package static let lessonVerbs = WordGroup(
    name: "lessonVerb",
    words: [.chapter, .pause, .show, .ask, .right, .wrong, .because, .hint, .reveal, .notes])

  package static let userVerbs = WordGroup(
    name: "userVerb",
    words: [.work, .sleep, .fork, .thread, .reap, .exit, .on, .signal, .ignore, .choose])

  package static let kernelVerbs = WordGroup(
    name: "kernelVerb",
    words: [
      .work, .wait, .wake, .lock, .unlock, .alloc, .free, .safe, .point, .printk, .oops, .irqs,
      .bh, .off, .atomic, .choose, .drop, .has, .shadow, .state, .previousState, .sleep,
    ])

  /// Words inside expressions and after verbs.
  package static let modifiers = WordGroup(
    name: "modifier",
    words: [
      .of, .cpu, .count, .some, .within, .fails, .timeout, .until, .interruptible,
      .uninterruptible, .killable, .freezable,
    ])

  package static let literals = WordGroup(
    name: "literal",
    words: [
      .true, .false, .old, .new, .kgraft, .livepatch, .kpatch, .ksplice, .immediate,
    ])

  package static let allGroups: [WordGroup] = [
    reserved, declarations, kernelMembers, patchMembers, clauses, machineSettings, operatorVerbs,
    lessonVerbs, userVerbs, kernelVerbs, modifiers, literals,
  ]
}

extension Word {
  /// Verbs whose statement is the word, arguments separated by commas, and perhaps `fails …`.
  /// What each takes is a later module's business; the parser must only know that they are verbs,
  /// so that `print -1` is no subtraction.
  var isSimpleVerb: Bool {
    switch self {
    case .apply, .revert, .force, .signal, .wake, .write, .assert, .check, .always, .never, .reach,
      .sleep, .print, .say, .report, .boot, .reboot, .work, .reap, .exit, .ignore, .lock, .unlock,
      .free, .printk, .oops, .pause, .notes:
      true
    default: false
    }
  }

  /// Simple verbs that take more than one argument: where a second one follows without a comma, the
  /// comma is what is missing, and not the statement's end.
  var takesSeveralArguments: Bool {
    switch self {
    case .signal, .wake, .write, .report, .say, .notes: true
    default: false
    }
  }

  /// Verbs that are given the names of things, and not values.
  var namesThings: Bool {
    switch self {
    case .apply, .revert, .wake, .lock, .unlock, .ignore: true
    default: false
    }
  }

  /// Before a function's `fn`.
  var isFunctionAttribute: Bool { self == .new || FunctionAttribute.Kind(self) != nil }

  /// Reserved words come first in the enumeration.
  var isReserved: Bool {
    switch self {
    case .and, .or, .not, .in, .if, .else, .for, .while, .loop, .return, .break, .continue, .let,
      .var, .true, .false, .spawn, .wait, .alloc:
      true
    default: false
    }
  }
}

/// A unit of time.
package struct Unit: Hashable, Sendable {
  package var spelling: String
  package var nanoseconds: Int64

  package static let all: [Unit] = [
    Unit(spelling: "ns", nanoseconds: 1),
    Unit(spelling: "us", nanoseconds: 1_000),
    Unit(spelling: "ms", nanoseconds: 1_000_000),
    Unit(spelling: "s", nanoseconds: 1_000_000_000),
    Unit(spelling: "min", nanoseconds: 60_000_000_000),
    Unit(spelling: "h", nanoseconds: 3_600_000_000_000),
  ]
}
