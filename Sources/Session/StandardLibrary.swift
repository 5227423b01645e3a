/// The modules of the standard library: files of `stdlib/` inside the binary, read only when they are imported.
enum StandardLibrary {
  private static let modules: [String: @Sendable () -> [UInt8]] = [
    "cluster": { PackageResources.cluster_glia },
    "gan": { PackageResources.gan_glia },
    "models": { PackageResources.models_glia },
    "perceptron": { PackageResources.perceptron_glia },
    "rl": { PackageResources.rl_glia },
    "stats": { PackageResources.stats_glia },
    "text": { PackageResources.text_glia },
    "vision": { PackageResources.vision_glia },
  ]

  static var names: [String] { modules.keys.sorted() }

  /// The source of a module; nil where there is none of that name.
  static func source(of name: String) -> [UInt8]? { modules[name]?() }
}
