// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "benchmarks",
  dependencies: [.package(name: "glia", path: "..")],
  targets: [
    .executableTarget(name: "bench", dependencies: [.product(name: "GliaEngine", package: "glia")]),
    .target(name: "CLimits", cSettings: [.unsafeFlags(["-O3", "-ffast-math"])]),
    .systemLibrary(name: "CSystemDNNL", providers: [.apt(["libdnnl-dev"]), .brew(["onednn"])]),
    .executableTarget(
      name: "engine", dependencies: [.product(name: "GliaEngine", package: "glia"), "CLimits", "CSystemDNNL"]),
  ]
)
