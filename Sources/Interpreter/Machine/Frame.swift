/// One call in progress. A frame's registers follow the register that holds the called function, which is where the
/// result goes.
struct Frame {
  /// What is being run; kept alive by the called function or by the machine.
  let entry: UnsafePointer<CodeEntry>
  /// The function with its captures; nil for top levels.
  let function: UnsafeRawPointer?
  let registers: ValuePointer
  /// Where the frame goes on after a call that it has made.
  var next: UnsafePointer<Instruction>
  /// True for a frame that a built-in or the host entered: returning from it leaves the machine's loop.
  let isEntry: Bool

  var code: Code { entry.pointee.code.takeUnretainedValue() }

  /// The captured values of the function that runs.
  @inline(__always) var captures: ValuePointer {
    function.unsafelyUnwrapped.assumingMemoryBound(to: FunctionObject.self).pointee.captures.unsafelyUnwrapped
  }
}
