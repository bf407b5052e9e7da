extension DiagnosticRenderer {
  enum Style: Hashable {
    case severity(Severity)
    case frame
    case bold

    /// The parameters of the ANSI "select graphic rendition" sequence.
    fileprivate var parameters: String {
      switch self {
      case .severity(.error): "1;31"
      case .severity(.warning): "1;33"
      case .severity(.note): "1;36"
      case .frame: "1;34"
      case .bold: "1"
      }
    }
  }

  func paint(_ text: some StringProtocol, _ style: Style) -> String {
    usesColour ? "\u{1B}[\(style.parameters)m\(text)\u{1B}[0m" : String(text)
  }
}
