import Diagnostics

/// Something that has a value.
package struct Expression: Hashable, Sendable {
  package var kind: Kind
  package var range: SourceRange

  package indirect enum Kind: Hashable, Sendable {
    case integer(Int64)
    /// In nanoseconds.
    case duration(nanoseconds: Int64)
    case boolean(Bool)
    case string(InterpolatedText)
    /// `[1, 10, 100]`.
    case list([Expression])
    /// `list[8]` as the first value of a variable: eight elements, all 0.
    case emptyList(capacity: Expression)
    /// A name, `ext4::ext4_sync` or `f@2`.
    case reference(Reference)
    /// `t.universe`.
    case member(Expression, Name)
    /// `bump[3]`.
    case index(Expression, Expression)
    case call(Expression, [Expression])
    case unary(UnaryOperator, Expression)
    case binary(BinaryOperation)
    /// `20us..50us`, both ends included.
    case range(Expression, Expression)
    /// `(a)`: kept, because people put parentheses for people.
    case parenthesised(Expression)
    /// `count(t in servers: t.universe == old)`.
    case quantified(Quantification)
    /// `choose(a, b)`.
    case choose([Expression])
    /// `reap PID`; without one it looks like a name.
    case reap(Expression)
    case spawn(Spawn)
    /// `$ cat /proc/modules`.
    case shell(InterpolatedText)
    /// `wait q`. As a statement of its own it leaves the system call when a signal comes.
    case wait(Wait)
    /// `alloc inode { size = 1 }`.
    case allocate(Allocation)
    /// `shadow(o, extra)`, also a place that can be assigned.
    case shadow(ShadowReference)
    /// `has shadow(o, extra)`.
    case hasShadow(ShadowReference)
    /// `state(1)`, also a place that can be assigned.
    case state(id: Expression)
    /// `prev_state(1)`.
    case previousState(id: Expression)
    /// Nothing stands where an expression should; the parser has already said so.
    case missing
  }
}

/// A name with what may qualify it.
package struct Reference: Hashable, Sendable {
  /// The `ext4` of `ext4::ext4_sync`.
  package var module: Name?
  package var name: Name
  package var occurrence: Occurrence?
}

/// Text with `{expression}` in it: a string literal, or the line after `$`.
package struct InterpolatedText: Hashable, Sendable {
  package enum Segment: Hashable, Sendable {
    /// Unescaped. For a shell line: as typed, except that `\{` and `\}` lost their backslash.
    case text(String)
    case expression(Expression)
  }

  package var segments: [Segment]

  package init(segments: [Segment]) { self.segments = segments }

  /// The text, when nothing is interpolated.
  package var plain: String? {
    switch segments.count {
    case 0: ""
    case 1: if case .text(let text) = segments[0] { text } else { nil }
    default: nil
    }
  }
}

package enum UnaryOperator: Hashable, Sendable { case negate, not }

package enum BinaryOperator: Hashable, Sendable, CaseIterable {
  case or, and
  case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
  /// `t in servers`, `"kgr" in text`.
  case isIn
  case add, subtract, multiply, divide, remainder
}

package struct BinaryOperation: Hashable, Sendable {
  package var operation: BinaryOperator
  /// Where the operator itself stands.
  package var operatorRange: SourceRange
  package var left: Expression
  package var right: Expression
}

/// `count(t in list: c)`, `every(…)`, `some(…)`.
package struct Quantification: Hashable, Sendable {
  package enum Quantifier: Hashable, Sendable { case count, every, some }

  package var quantifier: Quantifier
  package var variable: Name
  package var sequence: Expression
  package var condition: Expression
}

/// `server(80)`: a program and its arguments.
package struct ProgramCall: Hashable, Sendable {
  package var program: Name
  package var arguments: [Expression]
  package var range: SourceRange
}

/// `spawn 3 of server(80) on cpu 1`. With a count, even 1, the value is a list; without, a task.
package struct Spawn: Hashable, Sendable {
  package var count: Expression?
  package var call: ProgramCall
  package var cpu: Expression?
}

/// `wait q killable timeout 3s until ready == 1`.
package struct Wait: Hashable, Sendable {
  package enum Mode: Hashable, Sendable { case interruptible, uninterruptible, killable, freezable }

  package var queue: Expression
  package var mode: Mode
  package var timeout: Expression?
  package var until: Expression?
}

/// `alloc inode { size = 1 }`; fields that are left out take their first value.
package struct Allocation: Hashable, Sendable {
  package struct Field: Hashable, Sendable {
    package var name: Name
    package var value: Expression
    package var range: SourceRange
  }

  package var record: Name
  package var fields: [Field]
}

/// `shadow(o, extra)`: the shadow variable `extra` of the object `o`.
package struct ShadowReference: Hashable, Sendable {
  package var object: Expression
  package var variable: Name
  package var range: SourceRange
}
