// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target: no undeclared imports, Swift 6 concurrency checking (the tools version's default).
/// `GLIA_STRICT=1`, as `make test` sets it, makes every warning an error.
let common: [SwiftSetting] = Context.environment["GLIA_STRICT"] == nil ? [] : [.treatAllWarnings(as: .error)]

/// Hot modules: exclusivity is kept by the code's structure and checked in debug builds.
let fast: [SwiftSetting] =
  common + [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]

let package = Package(
  name: "glia",
  products: [
    .executable(name: "glia", targets: ["glia"]),
    .library(name: "GliaEngine", targets: ["Tensors", "NeuralNetworks", "Training"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    // System libraries and C. The first two load their library when it is first called.
    .target(name: "COneDNN", dependencies: ["CKernels"], linkerSettings: [.linkedLibrary("dl")]),
    .target(name: "CLAPACKE", linkerSettings: [.linkedLibrary("dl")]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CPNG", providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
    .target(
      name: "CKernels", cSettings: [.unsafeFlags(["-O3", "-fno-math-errno"])], linkerSettings: [.linkedLibrary("m")]),
    .target(name: "CEdit", linkerSettings: [.linkedLibrary("edit")]),

    // Text.
    .target(name: "Diagnostics", swiftSettings: common),
    .target(name: "Syntax", dependencies: ["Diagnostics"], swiftSettings: fast),

    // The engine.
    .target(name: "Tensors", dependencies: ["CKernels", "COneDNN", "CLAPACKE"], swiftSettings: fast),
    .target(name: "NeuralNetworks", dependencies: ["Tensors"], swiftSettings: common),
    .target(
      name: "BundledData",
      resources: ["digits.csv", "iris.csv", "wine.csv", "breast_cancer.csv", "diabetes.csv", "shakespeare.txt"].map {
        .embedInCode("Resources/\($0).gz")
      }, swiftSettings: common),
    .target(
      name: "Training", dependencies: ["Tensors", "NeuralNetworks", "FileFormats", "BundledData"], swiftSettings: common
    ),

    // Results.
    .target(name: "FileFormats", dependencies: ["CZlib", "CPNG"], swiftSettings: common),
    .target(name: "Tables", dependencies: ["FileFormats"], swiftSettings: common),
    .target(name: "Charts", dependencies: ["FileFormats"], swiftSettings: common),

    // The language.
    .target(name: "Interpreter", dependencies: ["Diagnostics", "Syntax", "Tensors"], swiftSettings: fast),
    .target(
      name: "Builtins",
      dependencies: [
        "Diagnostics", "Syntax", "Interpreter", "Tensors", "NeuralNetworks", "Training", "Tables", "Charts",
        "FileFormats",
      ],
      swiftSettings: common),
    .target(
      name: "Session",
      dependencies: ["Diagnostics", "Syntax", "Interpreter", "Builtins", "Tensors", "FileFormats"],
      resources: [.embedInCode("StandardLibrary")], swiftSettings: common),

    // The command.
    .target(
      name: "Notebook", dependencies: ["Diagnostics", "Syntax", "Session", "FileFormats"], swiftSettings: common),
    .target(name: "LineEditor", dependencies: ["CEdit"], swiftSettings: common),
    .target(
      name: "Commands",
      dependencies: [
        "Diagnostics", "Syntax", "Session", "Notebook", "LineEditor", "FileFormats",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: common),
    .executableTarget(name: "glia", dependencies: ["Commands"], swiftSettings: common),

    // Tests, beside each module.
    .testTarget(name: "DiagnosticsTests", dependencies: ["Diagnostics"]),
    .testTarget(name: "SyntaxTests", dependencies: ["Diagnostics", "Syntax"]),
    .testTarget(name: "TensorsTests", dependencies: ["Tensors", "CKernels"]),
    .testTarget(name: "NeuralNetworksTests", dependencies: ["Tensors", "NeuralNetworks"]),
    .testTarget(name: "TrainingTests", dependencies: ["Tensors", "NeuralNetworks", "Training", "FileFormats"]),
    .testTarget(name: "FileFormatsTests", dependencies: ["FileFormats"]),
    .testTarget(name: "TablesTests", dependencies: ["Tables"]),
    .testTarget(name: "ChartsTests", dependencies: ["Charts", "FileFormats"], exclude: ["Snapshots"]),
    .testTarget(name: "InterpreterTests", dependencies: ["Diagnostics", "Syntax", "Interpreter", "Tensors"]),
    .testTarget(
      name: "BuiltinsTests",
      dependencies: [
        "Diagnostics", "Syntax", "Interpreter", "Builtins", "Tensors", "NeuralNetworks", "Training", "Session",
        "FileFormats",
      ]),
    .testTarget(name: "SessionTests", dependencies: ["Session", "Syntax", "Diagnostics"]),
    .testTarget(name: "NotebookTests", dependencies: ["Notebook", "Session", "Diagnostics", "FileFormats"]),
    .testTarget(name: "LineEditorTests", dependencies: ["LineEditor"]),
    .testTarget(
      name: "CommandsTests", dependencies: ["Commands", "Session", "Notebook", "Diagnostics", "FileFormats"]),
  ]
)

// `GLIA_ONLY=Tensors swift test` builds one module, what it needs, and its tests: the quick loop while working on it.
if let only = Context.environment["GLIA_ONLY"] {
  var kept: Set<String> = []
  func keep(_ name: String) {
    guard kept.insert(name).inserted, let target = package.targets.first(where: { $0.name == name }) else { return }
    for dependency in target.dependencies {
      if case .byNameItem(let name, _) = dependency { keep(name) }
    }
  }
  for name in only.split(separator: ",").map(String.init) {
    keep(name)
    keep(name + "Tests")
  }
  package.targets.removeAll { !kept.contains($0.name) }
  package.products.removeAll()
  if !kept.contains("Commands") { package.dependencies.removeAll() }
}
