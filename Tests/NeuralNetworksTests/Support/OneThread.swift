import Testing

/// The engine belongs to one thread: every suite of this module is inside this one, and runs after the other.
@Suite(.serialized) struct OneThread {}
