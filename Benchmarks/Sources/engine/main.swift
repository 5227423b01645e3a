// engine [memory | calls | products | allocations]: what the engine's operations cost beside what the machine allows.
// OMP_NUM_THREADS says how many threads take part. Each figure is the best of several turns.
import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The least seconds a body takes, in nine turns of at least a tenth of a second.
func fastest(_ body: () throws -> Void) rethrows -> Double {
  func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
  let start = now()
  try body()
  let repeats = max(1, Int(0.1 / max(now() - start, 1e-8)))
  var best = Double.infinity
  for _ in 0..<9 {
    let start = now()
    for _ in 0..<repeats { try body() }
    best = min(best, (now() - start) / Double(repeats))
  }
  return best
}

func row(_ name: String, _ value: Double, _ unit: String, _ rest: String = "") {
  let padded = name.padding(28)
  print("\(padded) \((value * 100).rounded() / 100) \(unit)\(rest.isEmpty ? "" : "   \(rest)")")
}

extension String {
  func padding(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}

let sections: [(name: String, run: () throws -> Void)] = [
  ("memory", measureMemory), ("calls", measureCalls), ("products", measureProducts),
  ("allocations", measureAllocations),
]
let wanted = CommandLine.arguments.dropFirst()
for section in sections where wanted.isEmpty || wanted.contains(section.name) {
  print("== \(section.name)")
  try section.run()
}
