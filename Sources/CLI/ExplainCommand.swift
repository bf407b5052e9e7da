import ArgumentParser
import Graft

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Say what the code of a diagnostic means, with an example.",
    discussion: "Without a code, lists them all.")

  @Argument(help: ArgumentHelp("A code such as E0302.", valueName: "code"))
  var code: String?

  func run() throws {
    guard let code else {
      Terminal.print(Explanation.all.map { "\($0.code.rawValue)  \($0.title)\n" }.joined())
      return
    }
    guard let explanation = Explanation.of(code) else {
      let near = nearest(to: code.uppercased(), among: Explanation.all.map(\.code.rawValue))
      let hint = near.map { "did you mean \($0)?" } ?? "`graft explain` lists the codes"
      Terminal.printError("graft: there is no code '\(escapingControls(code))'; \(hint)\n")
      throw ExitCode(ExitStatus.usage.rawValue)
    }
    Terminal.print(explanation.page(width: min(Terminal.width, 80)))
  }
}

extension Explanation {
  /// Title, text and both examples, as a terminal shows them.
  func page(width: Int) -> String {
    var result = "\(code.rawValue): \(title)\n\n" + filled(text, width: width)
    let examples = [
      ("Wrong", recipe.isEmpty ? wrong : ""), ("Wrong, as a shell shows it", recipe),
      ("Right", right),
    ]
    for (heading, example) in examples where !example.isEmpty {
      result += "\n\(heading):\n\n"
      for line in example.split(separator: "\n", omittingEmptySubsequences: false) {
        let shown = line.count > 240 ? line.prefix(60) + " …" : line
        result += shown.isEmpty ? "\n" : "    \(escapingControls(String(shown)))\n"
      }
      if example.last == "\n" { result.removeLast() }
    }
    return result
  }

  private func filled(_ text: String, width: Int) -> String {
    var lines: [String] = [""]
    for word in text.split(whereSeparator: \.isWhitespace) {
      if let last = lines.last, !last.isEmpty, last.count + 1 + word.count > width {
        lines.append(String(word))
      } else {
        lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "" : " ") + word
      }
    }
    return lines.map { $0 + "\n" }.joined()
  }
}
