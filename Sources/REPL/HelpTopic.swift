import Graft

/// What somebody may want to know who does not know the name of a command yet.
struct HelpTopic: Sendable {
  var name: String
  var aliases: [String] = []
  var summary: String
  /// Paragraphs; a line that begins with blanks stays as it is.
  var text: String

  static let all = [
    start, language, universes, patching, files, keys, scenarios, arbitrary, shell, colours,
  ]

  static func named(_ text: String) -> HelpTopic? {
    let word = text.lowercased()
    return all.first { $0.name == word || $0.aliases.contains(word) }
  }

  private static let start = HelpTopic(
    name: "start", aliases: ["newcomer", "begin", "beginning", "hint", "first"],
    summary: "from nothing to a running migration",
    text: """
      Three lines to a running migration:
        load example
        spawn 3 of server; run 10ms; apply fix_frame_check
        why
      Then `what if wake packets` looks at what would help, `wake packets` does it, `finish` waits \
      for the end, `timeline` shows how it went, and `back until in_progress` goes back into it. \
      `tour` shows all of that by itself, step by step.
      """)

  private static let language = HelpTopic(
    name: "language", aliases: ["the language", "syntax", "statements", "verbs", "expressions"],
    summary: "what can be typed that is no command",
    text: """
      A declaration (`kernel`, `patch`, `program`, `def`, `scenario`) becomes part of the session. \
      A statement (`let t = spawn server`, `wake packets`, `assert in_progress`, `for`, `if`) is \
      done at once, and runs to its end. An expression alone (`t.state`, `count(t in servers: \
      t.universe == old)`) is answered; asking takes no step and no time. A block goes on over \
      lines until its brace is closed. `help VERB` tells of a verb, `graft reference` has it all.
        let servers = spawn 3 of server
        for t in servers { signal STOP, t }
        await not in_progress within 10s
      """)

  private static let universes = HelpTopic(
    name: "universes", aliases: ["universe", "migration", "old", "new", "kgraft", "consistency"],
    summary: "old and new: who runs which code, and when that changes",
    text: """
      While a patch is being applied each task is either in the old universe, and runs the functions \
      as they were, or in the new one. A task migrates when it crosses the kernel's boundary: when a \
      system call begins or ends, when a signal takes it out of one, at a kernel thread's safe point. \
      Whoever sleeps inside the kernel stays old, and the transition waits for it.
        ps old        who is in the way, and where each sleeps
        why           what would move them
        functions     which version of a function each universe gets
        transition    how far it is
      """)

  private static let patching = HelpTopic(
    name: "patching", aliases: ["patch", "patches", "apply", "revert", "migrate"],
    summary: "apply, watch, help along, take back",
    text: """
      `apply NAME` loads a patch and starts its transition; another can begin only when that is over \
      (EBUSY, EAGAIN). `finish` waits for its end. What helps a task along: what it waits for (`wake \
      QUEUE`), a signal (`signal STOP, t` and `signal CONT, t`, or `$ kgr poke`), `force`. `revert \
      NAME` takes it back the same way. `patches` lists what there is, `what if STATEMENT` tries \
      something without doing it.
      """)

  private static let files = HelpTopic(
    name: "files", aliases: ["file", "virtual", "proc", "sys"],
    summary: "files of this machine, and those of the simulated one",
    text: """
      Your own: `load FILE` brings in what a file declares, `reload` reads it again after you have \
      changed it, `save FILE` writes the session as a scenario, `transcript FILE` what was said. A \
      path is as in a shell: `~/`, `../`, quotes. Nothing is written over without `--force`.
      The simulated machine's: `ls PATH` and `cat PATH`, with the tabulator.
        cat /sys/kernel/kgraft/in_progress
        cat /proc/100/kgr_in_progress
      """)

  private static let keys = HelpTopic(
    name: "keys",
    aliases: ["editing", "edit", "line", "history", "completion", "keyboard", "paste"],
    summary: "editing a line, history, completion, pasting",
    text: """
      Emacs' keys, or what `~/.editrc` says (`graft:bind -v` for vi's). The tabulator completes, and \
      lists what is possible with a line of help: also of what is alive, as the queues that somebody \
      sleeps on after `wake`.
        Up, Down      what was typed before and begins the same
        ^R            search in it
        ^A ^E M-b M-f beginning, end, a word back, a word on
        ^W ^K ^U ^Y   cut a word, the rest, the line; put it back
        ^C            drops the line, or stops what is running; the session stays
        ^D            leaves
        ^Z            stops graft; the shell's `fg` goes on
      A paste of several lines waits for Enter. The history is kept in \
      `$XDG_STATE_HOME/graft/history`, or below `~/.local/state`, and only you can read it.
      """)

  private static let scenarios = HelpTopic(
    name: "scenarios", aliases: ["lesson", "lessons", "counterexample", "replay", "token"],
    summary: "going through a scenario, a lesson, a counterexample",
    text: """
      `scenario` lists what was loaded or typed, `scenario NAME` starts one and stops at its first \
      statement. `next` goes on to the next one, `finish` to the end, `undo` back to before the last. \
      In between you can do something of your own. A lesson is gone through in the same way: what it \
      says is told, and nobody has to press a key. `scenario NAME TOKEN`, or `graft repl FILE::NAME \
      --replay TOKEN`, opens at the end of a schedule that `graft` printed; one that passes is the \
      branch `passing`.
        compare main passing
      """)

  private static let arbitrary = HelpTopic(
    name: "schedules", aliases: ["arbitrary", "schedule", "interleaving", "races", "race"],
    summary: "arbitrary time: any step that is possible may come next",
    text: """
      Where time is kept, the earliest step comes next. `time arbitrary` lets any step that is \
      possible come next, as a search does: `choices` lists them, `pick N` takes one, `step` gives \
      turns. `fork NAME` stands on both ways, `compare A B` shows where they differ. `graft explore \
      FILE` tries all of them.
      """)

  private static let shell = HelpTopic(
    name: "shell", aliases: ["commands of the shell", "administrator", "administration", "$"],
    summary: "what an administrator types, at the prompt as in a shell",
    text: """
      `kgr status`, `kgr -v blocking`, `zypper`, `rpm`, `lsmod`, `dmesg`, `kill`: with or without a \
      `$` in front. They answer with their own words and an exit status; `$?` is that of the last. \
      There are no pipes; `cat` and `ls` alone are the prompt's own and take no step.
      """)

  private static let colours = HelpTopic(
    name: "colours", aliases: ["colour", "color", "colors", "terminal", "width"],
    summary: "colours and the terminal",
    text: """
      `NO_COLOR`, `--color never` or `TERM=dumb` turn colours off. Lines go on below where they do \
      not fit; tables and lanes fit themselves to the width. The right end of the prompt's line shows \
      the moment and how far the transition is, where there is room for it.
      """)
}
