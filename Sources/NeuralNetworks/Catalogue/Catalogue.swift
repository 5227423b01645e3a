/// Every constructor of the library, by family: the one list that the language, help, saving and the tests are made from.
public enum Catalogue {
  nonisolated(unsafe) public static let activations: [Descriptor<Activation>] =
    rectifiers + smoothActivations + softmaxActivations

  nonisolated(unsafe) public static let initializers: [Descriptor<Initializer>] =
    constantInitializers + randomInitializers + scalingInitializers

  nonisolated(unsafe) public static let layers: [Descriptor<Layer>] =
    [dense, activationLayer, prelu, conv1d, conv2d, conv2dTranspose, depthwiseConv2d, separableConv2d] + pooling
    + shapeLayers + noiseLayers + normalisationLayers + [
      recurrent(.simple), recurrent(.lstm), recurrent(.gru),
    ]
    + sequenceWrappers + embeddingLayers + [attention, transformerBlock] + combiningLayers

  nonisolated(unsafe) public static let losses: [Descriptor<Loss>] =
    regressionLosses + classificationLosses

  nonisolated(unsafe) public static let optimizers: [Descriptor<Optimizer>] =
    [sgd, adam, adamw] + otherOptimizers
}
