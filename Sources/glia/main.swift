import Commands

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

exit(Glia.main(arguments: Array(CommandLine.arguments.dropFirst())))
