/// The guided tour: a text, and what is typed to show it.
struct Tour {
  var text: String
  var lines: [String]

  static let steps: [Tour] = [
    Tour(
      text: "A kernel in which `recv` sleeps until a packet comes, and two patches for it.",
      lines: ["load example"]),
    Tour(
      text: "Three servers call recv and fall asleep in the kernel.",
      lines: ["let servers = spawn 3 of server", "run 10ms", "ps"]),
    Tour(
      text:
        "The patch is applied at once, and nothing seems to happen: whoever sleeps in the kernel "
        + "stays in the old universe until it crosses the kernel's boundary.",
      lines: ["apply fix_frame_check", "functions"]),
    Tour(text: "Why does it hang? Ask.", lines: ["why 100"]),
    Tour(
      text: "What would help? Nothing of this is done, it is only looked at.",
      lines: ["what if wake packets", "what if signal CONT, servers"]),
    Tour(
      text: "Stand on both ways: leave this branch as it is, and go on in another.",
      lines: ["fork poked", "signal STOP, servers", "run 1ms", "signal CONT, servers", "finish"]),
    Tour(
      text: "Back in time, to when the first server migrated; each of these is exact.",
      lines: ["back until servers[0].universe == old", "step 3", "timeline"]),
    Tour(
      text: "And the two branches beside each other.",
      lines: ["compare main poked", "switch main", "transition"]),
  ]
}
