// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "benchmarks",
  dependencies: [.package(name: "glia", path: "..")],
  targets: [
    .executableTarget(name: "bench", dependencies: [.product(name: "GliaEngine", package: "glia")])
  ]
)
