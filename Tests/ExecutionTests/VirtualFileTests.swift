import Testing

/// The files an administrator reads, by `cat` in a scenario. Paths, values and errors are those of
/// the manual and of `kernel/kgraft_files.c`.
@Suite struct VirtualFileTests {
  static let kernel = """
    kernel "3.12.61-52-default" {
        queue packets
        fn f() { return 1 }
        syscall recv() { wait packets; f() }
    }
    patch fix { fn f() { return 2 } }
    program a_server_with_a_long_name { loop { recv() } }

    """

  private func run(_ body: String) throws -> String? {
    let record = try ScenarioTexts.run(Self.kernel + "scenario \"s\" {\n\(body)\n}\n")
    return record.outcome.failure.map { "\($0.diagnostic.code.rawValue) \($0.diagnostic.message)" }
  }

  @Test func theGlobalFlagIsOneDuringATransition() throws {
    let failure = try run(
      """
      assert cat("/sys/kernel/kgraft/in_progress") == "0"
      let t = spawn a_server_with_a_long_name
      sleep 1ms
      apply fix
      assert cat("/sys/kernel/kgraft/in_progress") == "1"
      signal TERM, t
      await not in_progress
      assert cat("/sys/kernel/kgraft/in_progress") == "0"
      """)
    #expect(failure == nil)
  }

  @Test func theProcessFlagIsOneForWhoStillSleepsInTheOldUniverse() throws {
    let failure = try run(
      """
      let t = spawn a_server_with_a_long_name
      sleep 1ms
      assert cat("/proc/{t.pid}/kgr_in_progress") == "0"
      apply fix
      assert cat("/proc/{t.pid}/kgr_in_progress") == "1"
      signal STOP, t
      sleep 1ms
      signal CONT, t
      sleep 1ms
      assert cat("/proc/{t.pid}/kgr_in_progress") == "0"
      """)
    #expect(failure == nil)
  }

  /// TASK_COMM_LEN is 16 with the final zero: fifteen characters are left.
  @Test func theNameIsCutAsTheKernelCutsIt() throws {
    let failure = try run(
      """
      let t = spawn a_server_with_a_long_name
      assert cat("/proc/{t.pid}/comm") == "a_server_with_a"
      assert cat("/proc/100/comm") == "a_server_with_a"
      """)
    #expect(failure == nil)
  }

  /// The form of `/proc/version`; the release is the kernel's own, the rest is a constant.
  @Test func theVersionIsLinuxs() throws {
    let constant =
      "(geeko@buildhost) (gcc version 4.8.5 (SUSE Linux) ) #1 SMP Thu Jan 1 00:00:00 UTC 1970 ("
    let failure = try run(
      "assert \"Linux version 3.12.61-52-default \(constant)\" in cat(\"/proc/version\")")
    #expect(failure == nil)
  }

  @Test(arguments: [
    ("/proc/99/comm", "ENOENT"), ("/proc/101/comm", "ENOENT"), ("/proc/100/nothing", "ENOENT"),
    ("/proc/100", "EISDIR"), ("/proc", "EISDIR"), ("/", "EISDIR"), ("/proc/100/comm/x", "ENOTDIR"),
    ("/sys/kernel/kgraft", "EISDIR"), ("/sys/kernel/kgraft/in_progress/x", "ENOTDIR"),
    ("/sys/kernel/livepatch", "ENOENT"), ("in_progress", "ENOENT"), ("/etc/passwd", "ENOENT"),
    ("/proc/+100/comm", "ENOENT"), ("/proc/0100/comm", "ENOENT"), ("/proc/100/comm/", "ENOTDIR"),
    ("/proc/version/", "ENOTDIR"), ("/proc/version/x", "ENOTDIR"), ("/proc/100/", "EISDIR"),
    ("/proc/100/nothing/x", "ENOENT"), ("/sys/kernel/kgraft/in_progress/", "ENOTDIR"),
    ("/proc/-1/comm", "ENOENT"), ("/proc/99999999999999999999/comm", "ENOENT"), ("", "ENOENT"),
  ])
  func whatIsNotThereIsTheRightError(_ path: String, _ errno: String) throws {
    // By a name: of a path in the text it is known before the run.
    let failure = try run(
      "spawn a_server_with_a_long_name\nlet path = \"\(path)\"\nprint cat(path)")
    #expect(failure?.hasPrefix("E1105") == true)
    #expect(failure?.contains(errno) == true)
  }

  @Test func aTaskThatIsGoneHasNoFiles() throws {
    let failure = try run(
      """
      let t = spawn a_server_with_a_long_name
      sleep 1ms
      signal KILL, t
      await not t.alive within 1s
      print cat("/proc/100/comm")
      """)
    #expect(failure?.contains("ENOENT") == true)
  }
}
