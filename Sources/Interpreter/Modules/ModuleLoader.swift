import Diagnostics

/// Finds what programs import.
public protocol ModuleLoader: AnyObject {
  /// The source of a module of the standard library; nil where there is none of that name.
  func module(named name: String) -> SourceFile?
  /// The names of the standard library's modules, for did-you-mean.
  var moduleNames: [String] { get }
  /// A file, relative to the source that imports it.
  /// - Returns: what identifies the file however it is spelt, and its source, whose name is the path to show.
  /// - Throws: an io error where it cannot be read.
  func file(_ path: String, importedFrom source: SourceFile) throws -> (identity: String, source: SourceFile)
}

/// An imported file: its top-level names are its members.
final class ModuleValue: ObjectValue {
  let name: String
  let scope: GlobalScope
  unowned let machine: Machine

  init(name: String, scope: GlobalScope, machine: Machine) {
    self.name = name
    self.scope = scope
    self.machine = machine
  }

  override var typeName: String { "module" }
  override var memberNames: [String] { scope.names }
  override func member(_ name: String, _ context: CallContext) throws -> Value? { machine.value(of: name, in: scope) }
  override func text(_ style: DisplayStyle) -> String { "<module \(name)>" }
}

/// The modules of a session: each file runs once.
final class Modules {
  let loader: ModuleLoader
  private var finished: [String: ModuleValue] = [:]
  /// The files that are running now, outermost first.
  private var running: [(identity: String, name: String)] = []

  init(loader: ModuleLoader) { self.loader = loader }

  func load(_ target: ImportSite.Target, from source: SourceFile, _ machine: Machine) throws -> ModuleValue {
    let identity: String
    let file: SourceFile
    switch target {
    case .module(let name):
      identity = "module " + name
      if let module = finished[identity] { return module }
      guard let found = loader.module(named: name) else {
        let meant = Suggestion.nearest(to: name, among: loader.moduleNames)
        throw RuntimeError(
          .io, "there is no module `\(name)`",
          hint: meant.map { "did you mean `\($0)`?" } ?? "a file is imported by its path: `import \"\(name).glia\"`")
      }
      file = found
    case .file(let path):
      let found = try loader.file(path, importedFrom: source)
      identity = found.identity
      file = found.source
    }
    if let module = finished[identity] { return module }
    if let start = running.firstIndex(where: { $0.identity == identity }) {
      let circle = running[start...].map(\.name) + [file.name]
      throw RuntimeError(.value, "these files import each other: \(circle.joined(separator: " → "))")
    }
    running.append((identity, file.name))
    defer { running.removeLast() }
    let scope = GlobalScope()
    _ = try machine.run(machine.parse(file), in: scope)
    let module = ModuleValue(name: file.name, scope: scope, machine: machine)
    finished[identity] = module
    return module
  }
}
