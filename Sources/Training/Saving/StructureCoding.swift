import FileFormats
import NeuralNetworks
import Tensors

/// The structure of a model as JSON.
extension JSON {
  init(_ value: ConfigValue) {
    switch value {
    case .none: self = .null
    case .flag(let flag): self = .bool(flag)
    case .number(let number): self = .number(number)
    case .text(let text): self = .string(text)
    case .list(let items): self = .array(items.map(JSON.init))
    case .record(let fields): self = .object(JSON.Fields(fields.map { ($0.name, JSON($0.value)) }))
    }
  }

  /// The same as plain data.
  var configValue: ConfigValue {
    switch self {
    case .null: .none
    case .bool(let flag): .flag(flag)
    case .number(let number): .number(number)
    case .string(let text): .text(text)
    case .array(let items): .list(items.map(\.configValue))
    case .object(let fields): .record(fields.pairs.map { .init($0.name, $0.value.configValue) })
    }
  }
}
