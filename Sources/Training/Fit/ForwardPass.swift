import NeuralNetworks
import Tensors

/// A model in use, call after call: as a planned program where inputs of the same shapes come again, operation by operation
/// otherwise. Both give the same bytes, and what a result remembers (the logits behind a probability, a mask) is kept.
public final class ForwardPass {
  private let model: Layer
  private let threshold: Int
  private var isPossible = true
  private var known: [(specs: [Spec], calls: Int, traced: Traced?)] = []

  /// A program with its weights, and how its results are put together.
  private struct Traced {
    let program: Program
    let parameters: [Parameter]
    let results: [Form]
  }

  /// Where a result, its logits and its mask stand among the program's outputs.
  private struct Form {
    var logits: (place: Int, link: Provenance.Link)?
    var mask: Int?
  }

  /// Most combinations of shapes that are remembered.
  private static let mostShapes = 8

  /// - Parameter threshold: how many calls with the same shapes run operation by operation before a program is made.
  public init(_ model: Layer, threshold: Int = 2) {
    self.model = model
    self.threshold = threshold
  }

  /// The outputs in use (not in training). Inside `grad` every operation is recorded: no program then.
  public func callAsFunction(_ inputs: [Tensor]) throws -> [Tensor] {
    guard isPossible, Engine.shared.tape.depth == 0, !Engine.shared.tape.isTracing, model.isBuilt,
      inputs.allSatisfy({ !$0.isAbstract && $0.provenance?.mask == nil }), let traced = traced(inputs)
    else { return try model(inputs, LayerContext()) }
    let found = try traced.program.run(inputs + traced.parameters.map(\.value))
    return traced.results.enumerated().map { place, form in
      if form.logits != nil || form.mask != nil {
        found[place].provenance = Provenance(
          logits: form.logits.map { (found[$0.place], $0.link) }, mask: form.mask.map { found[$0] })
      }
      return found[place]
    }
  }

  /// The program for these inputs; nil while there is none.
  private func traced(_ inputs: [Tensor]) -> Traced? {
    let index = known.firstIndex {
      $0.specs.count == inputs.count && zip($0.specs, inputs).allSatisfy { $0 == $1.spec }
    }
    guard let index else {
      if known.count == ForwardPass.mostShapes { known.removeFirst() }
      known.append((inputs.map(\.spec), 1, threshold == 0 ? trace(inputs) : nil))
      return known[known.count - 1].traced
    }
    if let traced = known[index].traced { return traced }
    known[index].calls += 1
    guard known[index].calls > threshold else { return nil }
    known[index].traced = trace(inputs)
    return known[index].traced
  }

  /// Traces; where that fails, the model runs operation by operation for good, and a mistake shows there in its own words.
  private func trace(_ inputs: [Tensor]) -> Traced? {
    let parameters = model.parameters.map(\.parameter)
    let random = Generator.shared.state
    defer { Generator.shared.state = random }
    var results: [Form] = []
    do {
      let program = try Program.trace(inputs: (inputs + parameters.map(\.value)).map(\.spec)) { tensors in
        let standIns = Array(tensors.suffix(parameters.count))
        let pass = try Parameter.withStandIns(parameters, standIns) {
          try model(Array(tensors.prefix(inputs.count)), LayerContext())
        }
        // A layer that changes in use is no function of its inputs.
        guard zip(pass.values, standIns).allSatisfy({ $0 === $1 }) else { throw AbstractDataError() }
        var outputs = pass.result
        for output in pass.result {
          var form = Form()
          if let logits = output.provenance?.logits {
            form.logits = (outputs.count, logits.link)
            outputs.append(logits.tensor)
          }
          if let mask = output.provenance?.mask {
            form.mask = outputs.count
            outputs.append(mask)
          }
          results.append(form)
        }
        return outputs
      }
      return Traced(program: program, parameters: parameters, results: results)
    } catch {
      isPossible = false
      return nil
    }
  }
}
