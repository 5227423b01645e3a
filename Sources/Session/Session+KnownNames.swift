import Builtins
import Diagnostics
import Syntax

extension Session {
  /// What the checker needs to know of the language: the built-ins with their parameters, and the modules' members.
  public static var knownNames: KnownNames {
    let catalogue = Catalogue.standard
    var builtins: [String: KnownFunction?] = [:]
    let prelude = catalogue.prelude
    for name in prelude.names where prelude.value(named: name) != nil { builtins[name] = .some(nil) }
    for builtin in catalogue.builtins {
      let parameters = builtin.signature.parameters.map {
        KnownFunction.Parameter(name: $0.name, isRequired: $0.isRequired, isRest: $0.isRest)
      }
      builtins[builtin.name] = KnownFunction(
        name: builtin.name, parameters: parameters,
        isPure: pureFamilies.contains(builtin.family) && !callers.contains(builtin.name),
        text: builtin.signature.fullText)
    }
    var modules: [String: [String: KnownFunction?]] = [:]
    for name in StandardLibrary.names {
      let source = SourceFile(name: name, bytes: StandardLibrary.source(of: name) ?? [])
      modules[name] = SyntaxTree(parsing: source).knownMembers
    }
    return KnownNames(builtins: builtins, modules: modules)
  }

  /// The families whose functions do nothing but give a result.
  private static let pureFamilies: Set<String> = Set(
    [
      Family.lists, .strings, .records, .making, .shape, .picking, .elementwise, .reductions, .linearAlgebra,
      .activations, .losses,
    ].map(\.rawValue))
  /// Functions of these families that call a function, which may do more.
  private static let callers: Set<String> = ["map", "filter", "reduce", "sort"]
}
