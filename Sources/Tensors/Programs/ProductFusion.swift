import CKernels

/// A matrix product with its bias, and relu, done while the sums are still in registers. Inputs: a, b, bias.
///
/// Only programs make it, after gradients have been taken.
struct FusedProduct: Operation {
  static let name = "@, add"
  let product: MatrixProduct
  let isRelu: Bool

  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] { try product.outputSpecs(Array(inputs[..<2])) }

  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let (a, b) = (inputs[0].shape, inputs[1].shape)
    let (m, k) = product.transposesA ? (a[1], a[0]) : (a[0], a[1])
    let form = ProductForm(
      m: m, n: product.transposesB ? b[0] : b[1], k: k, transposesA: product.transposesA,
      transposesB: product.transposesB,
      isRelu: isRelu)
    return Kernel(scratchBytes: form.scratchBytes) { form.run($0[0], $0[1], $0[3], bias: $0[2], scratch: $0[4]) }
  }

  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    throw TensorError(.value, "a fused product has no gradient of its own")
  }
}

/// A convolution with its bias and relu. Inputs: x, kernel, [bias]. Only programs make it.
struct FusedConvolution: Operation {
  static let name = "convolution, add"
  let convolution: Convolution
  let isRelu: Bool

  func outputSpecs(_ inputs: [Spec]) throws -> [Spec] { try convolution.outputSpecs(inputs) }

  func kernel(inputs: [Spec], outputs: [Spec]) throws -> Kernel {
    let own = ConvolutionKernels.own(
      .forward(hasBias: inputs.count > 2), convolution.geometry, x: inputs[0], kernel: inputs[1], y: outputs[0],
      isRelu: isRelu)
    guard let own else { throw TensorError(.value, "a fused convolution that no kernel serves") }
    return own
  }

  func gradient(inputs: [Tensor], outputs: [Tensor], seeds: [Tensor?], needed: [Bool]) throws -> [Tensor?] {
    throw TensorError(.value, "a fused convolution has no gradient of its own")
  }
}

extension ProgramGraph {
  /// Takes bias and relu into the convolutions before them, where nothing else reads what lies between.
  mutating func fuseConvolutions() {
    let counts = readerCounts()
    var readers = [Int?](repeating: nil, count: values.count)
    for (index, node) in nodes.enumerated() {
      for input in node.inputs { readers[root(input)] = index }
    }
    func onlyReader(_ index: Int) -> Int? {
      let result = nodes[index].outputs[0]
      return counts[result] == 1 ? readers[result] : nil
    }
    var removed = Set<Int>()
    for index in nodes.indices {
      guard let convolution = nodes[index].operation as? Convolution else { continue }
      var inputs = nodes[index].inputs
      let (x, kernel) = (values[inputs[0]].spec, values[inputs[1]].spec)
      let result = nodes[index].outputs[0]
      let own = ConvolutionKernels.own(
        .forward(hasBias: false), convolution.geometry, x: x, kernel: kernel, y: values[result].spec)
      guard own != nil else { continue }
      var (chain, isRelu) = ([index], false)
      if inputs.count == 2, let next = onlyReader(index), nodes[next].operation is Add {
        let bias = root(nodes[next].inputs[0]) == result ? nodes[next].inputs[1] : nodes[next].inputs[0]
        if values[bias].spec == Spec(.float32, [kernel.shape[kernel.rank - 1]]) {
          inputs.append(bias)
          chain.append(next)
        }
      }
      if let next = onlyReader(chain[chain.count - 1]), nodes[next].operation is Relu {
        chain.append(next)
        isRelu = true
      }
      let last = chain.removeLast()
      guard !chain.isEmpty else { continue }
      removed.formUnion(chain)
      nodes[last] = Node(
        operation: FusedConvolution(convolution: convolution, isRelu: isRelu), inputs: inputs,
        outputs: nodes[last].outputs)
    }
    nodes = nodes.enumerated().filter { !removed.contains($0.offset) }.map(\.element)
  }

  /// Takes bias and relu into the matrix products before them, where nothing else reads what lies between.
  mutating func fuseProducts() {
    let counts = readerCounts()
    var readers = [Int?](repeating: nil, count: values.count)
    for (index, node) in nodes.enumerated() {
      for input in node.inputs { readers[root(input)] = index }
    }
    var removed = Set<Int>()
    for index in nodes.indices {
      guard let product = nodes[index].operation as? MatrixProduct,
        let fused = foldedBias(index, product, counts, readers)
      else { continue }
      removed.insert(index)
      var (last, isRelu) = (fused.add, false)
      let sum = nodes[fused.add].outputs[0]
      if counts[sum] == 1, let next = readers[sum], nodes[next].operation is Relu {
        (last, isRelu) = (next, true)
        removed.insert(fused.add)
      }
      nodes[last] = Node(
        operation: FusedProduct(product: product, isRelu: isRelu), inputs: nodes[index].inputs + [fused.bias],
        outputs: nodes[last].outputs)
    }
    nodes = nodes.enumerated().filter { !removed.contains($0.offset) }.map(\.element)
  }

  /// The addition of a bias that alone reads a product.
  private func foldedBias(
    _ index: Int, _ product: MatrixProduct, _ counts: [Int], _ readers: [Int?]
  ) -> (add: Int, bias: Int)? {
    let node = nodes[index]
    let (a, b) = (values[node.inputs[0]].spec, values[node.inputs[1]].spec)
    let result = node.outputs[0]
    let spec = values[result].spec
    guard spec.dtype == .float32, a.rank == 2, b.rank == 2, counts[result] == 1, let reader = readers[result],
      nodes[reader].operation is Add
    else { return nil }
    let k = product.transposesA ? a.shape[0] : a.shape[1]
    guard GEMM.isOwn(spec.shape[0], spec.shape[1], k), k > 0 else { return nil }
    let inputs = nodes[reader].inputs
    let bias = root(inputs[0]) == result ? inputs[1] : inputs[0]
    let columns = spec.shape[1]
    let sum = values[nodes[reader].outputs[0]].spec
    guard values[bias].spec.dtype == .float32, values[bias].spec.shape == [columns], sum.count == spec.count,
      sum.shape.last == columns
    else { return nil }
    return (reader, bias)
  }
}
