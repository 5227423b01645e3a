import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

// bench [--explain] [--cpu] [NAME…]: times workloads, one line each: name, median, unit, seconds of preparation.
// --cpu counts the process's own time instead of the clock's: for one thread on a busy machine.
// --profile shows where a step's time goes.
let countsOwnTime = CommandLine.arguments.contains("--cpu")
Workload.profiles = CommandLine.arguments.contains("--profile")
var names = Array(CommandLine.arguments.dropFirst())
Workload.verbose = names.contains("--explain")
names.removeAll { $0.hasPrefix("--") }

func seconds(_ body: () throws -> Void) rethrows -> Double {
  func now() -> Double {
    var time = timespec()
    clock_gettime(countsOwnTime ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
  let start = now()
  try body()
  return now() - start
}

for workload in Workload.all where names.isEmpty || names.contains(workload.name) {
  var prepared: (work: Double, pass: () throws -> Void)?
  let preparation = try seconds { prepared = try workload.make() }
  guard let prepared else { continue }
  let warm = try seconds(prepared.pass)
  let repeats = max(1, Int(0.25 / max(warm, 1e-6)))
  var times: [Double] = []
  for _ in 0..<(warm > 3 ? 2 : 5) {
    times.append(try seconds { for _ in 0..<repeats { try prepared.pass() } } / Double(repeats))
  }
  let median = times.sorted()[times.count / 2]
  let value = workload.figure(prepared.work, median)
  print(
    "\(workload.name)\t\((value * 1000).rounded() / 1000)\t\(workload.unit)\tprepared in \((preparation * 1000).rounded() / 1000) s"
  )
}
