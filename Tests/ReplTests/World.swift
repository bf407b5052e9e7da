/// A kernel whose servers sleep in a system call, for most tests here.
let world = """
  kernel "3.12.61-52-default" {
      queue packets
      var accepted in 0..3 = 0
      fn check(length) { work 2us; return length <= 9000 }
      syscall recv(length) {
          wait packets
          if check(length) { accepted = accepted + 1 }
      }
      syscall probe(length) { if check(length) { accepted = accepted + 1 } }
      irq timer every 4ms { work 1us }
  }
  patch fix { fn check(length) { work 3us; return length <= 1500 } }
  patch other { fn check(length) { return length > 0 } }
  program server { loop { recv(1200); work 100us..300us } }
  program looper { loop { probe(1200); work 50us } }
  scenario "sleepers" {
      let servers = spawn 2 of server
      sleep 10ms
      apply fix
      sleep 1s
      assert in_progress
      wake packets
      await not in_progress within 10s
  }
  """

/// What a session says that has that world already.
func inWorld(_ files: [String: String] = [:]) -> Talk {
  let talk = Talk(files.merging(["world.graft": world]) { first, _ in first })
  talk("load world.graft")
  return talk
}
