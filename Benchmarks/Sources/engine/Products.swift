import CSystemDNNL
import Tensors

/// Matrix products beside oneDNN's own on the same operands.
func measureProducts() throws {
  let sizes = [
    (64, 64, 64), (128, 128, 128), (256, 256, 256), (512, 512, 512), (1024, 1024, 1024), (2048, 2048, 2048),
    (128, 512, 784), (32, 128, 784), (2048, 512, 128), (2048, 2048, 64), (16, 4096, 4096),
  ]
  for (m, n, k) in sizes {
    let (a, b) = (try Tensor.randomNormal([m, k]), try Tensor.randomNormal([k, n]))
    let y = try Tensor.ones([m, n])
    let (pa, pb, py) = (try a.elements(Float.self), try b.elements(Float.self), try y.elements(Float.self))
    let work = 2 * Double(m) * Double(n) * Double(k) / 1e9
    let library = fastest {
      _ = dnnl_sgemm(
        78, 78, Int64(m), Int64(n), Int64(k), 1, pa.baseAddress, Int64(k), pb.baseAddress, Int64(n), 0, py.baseAddress,
        Int64(n))
    }
    let own = try fastest { _ = try a.matmul(b) }
    row(
      "\(m)×\(k) by \(k)×\(n)", work / own, "GFLOP/s",
      "oneDNN \((work / library * 100).rounded() / 100), ratio \((library / own * 100).rounded() / 100)")
  }
}
