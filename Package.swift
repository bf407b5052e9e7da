// swift-tools-version: 6.2
import PackageDescription

/// Every target is built the same way: Swift 6 mode (the default of this tools version), warnings
/// are errors.
let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error)
]

/// One module of the map in `Sources/README.md`. The arrows drawn here are the only ones allowed;
/// `Tests/ArchitectureTests` reads the imports and holds them against the same list.
///
/// Resources become constants of the module: the binary needs no file beside it.
func module(
  _ name: String, imports: [String] = [], products: [Target.Dependency] = [],
  embedding resources: [String] = []
) -> Target {
  .target(
    name: name,
    dependencies: imports.map { .byName(name: $0) } + products,
    resources: resources.map { .embedInCode($0) },
    swiftSettings: strict)
}

func tests(_ name: String, imports: [String]) -> Target {
  .testTarget(
    name: name,
    dependencies: imports.map { .byName(name: $0) },
    swiftSettings: strict)
}

let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")

let package = Package(
  name: "Graft",
  products: [
    .library(name: "Graft", targets: ["Graft"]),
    .executable(name: "graft", targets: ["CLI"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
  ],
  targets: [
    module("Diagnostics"),
    module("Syntax", imports: ["Diagnostics"]),
    module("Machine", products: [heap, deque]),
    module("Patching", imports: ["Machine"]),
    module("Exploration", imports: ["Machine", "Patching"]),
    module("Administration", imports: ["Machine", "Patching", "Exploration"]),
    module("Analysis", imports: ["Diagnostics", "Syntax", "Machine", "Patching"]),
    module(
      "Execution",
      imports: [
        "Diagnostics", "Syntax", "Machine", "Patching", "Administration", "Exploration", "Analysis",
      ]),
    module(
      "Reports", imports: ["Diagnostics", "Machine", "Patching", "Exploration", "Execution"],
      embedding: ["page.css", "data.js", "timeline.js", "page.js"].map { "Page/" + $0 }),
    module(
      "Training",
      imports: ["Diagnostics", "Machine", "Exploration", "Execution", "Reports"],
      embedding: ["lesson.css", "lesson.js"].map { "Page/" + $0 }),
    module(
      "Graft",
      imports: [
        "Diagnostics", "Syntax", "Machine", "Patching", "Administration", "Exploration",
        "Analysis", "Execution", "Reports", "Training",
      ]),
    // Debian's libedit; the header names what Swift can't call as it is.
    .systemLibrary(name: "CEditline", pkgConfig: "libedit", providers: [.apt(["libedit-dev"])]),
    module("REPL", imports: ["Graft", "CEditline"]),
    .executableTarget(
      name: "CLI",
      dependencies: [
        "Graft", "REPL", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    tests("DiagnosticsTests", imports: ["Diagnostics"]),
    // Sentences made from the grammar, and the texts beside it.
    .target(
      name: "GrammarSentences", path: "Tests/GrammarSentences", swiftSettings: strict),
    tests("SyntaxTests", imports: ["Diagnostics", "Syntax", "GrammarSentences"]),
    tests("FuzzTests", imports: ["Graft", "GrammarSentences"]),
    tests("ArchitectureTests", imports: []),
    tests(
      "AnalysisTests",
      imports: ["Diagnostics", "Syntax", "Machine", "Patching", "Administration", "Analysis"]),
    // These run the built `graft`; the arrow makes sure that there is one.
    tests("CommandTests", imports: ["CLI", "Graft"]),
    tests("ReplTests", imports: ["Graft", "REPL"]),
    tests("TrainingTests", imports: ["Graft"]),
    tests(
      "ExecutionTests",
      imports: ["Diagnostics", "Machine", "Patching", "Exploration", "Execution", "Reports"]),

    // The machine written down a second time, plainly; the tests hold the fast one against it.
    .target(
      name: "ReferenceMachine", dependencies: ["Machine", "Patching"],
      path: "Tests/ReferenceMachine", swiftSettings: strict),
    tests(
      "MachineTests",
      imports: [
        "Machine", "Patching", "Administration", "Exploration", "Execution", "ReferenceMachine",
      ]),
  ]
)
