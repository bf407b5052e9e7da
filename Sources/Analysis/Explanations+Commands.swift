import Diagnostics

extension Explanation {
  static let commands: [Explanation] = [
    Explanation(
      code: .unknownCommand, title: "a command that does not exist",
      text:
        "After `$` stands what an administrator types. The commands are listed in the reference.",
      wrong: """
        kernel "3.12" { module "ext4" { on init { work 1us } } }
        scenario "x" { $ insmode ext4 }
        """,
      right: """
        kernel "3.12" { module "ext4" { on init { work 1us } } }
        scenario "x" { $ insmod ext4 }
        """),
    Explanation(
      code: .unknownModule, title: "a module that does not exist",
      text: """
        `insmod` takes the file of a module, with its path or by its name alone; `modprobe`, `rmmod` \
        and `modinfo` take the name that `lsmod` shows. A patch's module is called as its package's \
        version says (`kgraft_patch_2_2_1`), else `kgraft_patch_` and the patch's identifier. Where \
        `fails`, or a look at `.status`, expects the failure, the command says it itself.
        """,
      wrong: """
        kernel "3.12" { module "ext4" { on init { work 1us } } }
        scenario "x" { $ modprobe ext3 }
        """,
      right: """
        kernel "3.12" { module "ext4" { on init { work 1us } } }
        scenario "x" { $ modprobe ext4 }
        """),
    Explanation(
      code: .wrongOperands, title: "a command with operands that it doesn't take",
      text: "The message says how the command is written.",
      wrong: """
        kernel "3.12" { module "ext4" { on init { work 1us } } }
        scenario "x" { $ rmmod }
        """,
      right: """
        kernel "3.12" { module "ext4" at boot { on init { work 1us } } }
        scenario "x" { $ rmmod ext4 }
        """),
    Explanation(
      code: .callOfAbsentModule, title: "a call into a module that may not be there",
      text: """
        The kernel is linked without its modules: code that is not the module's own can't call a \
        function of one that may be absent. A program may call its system calls, which give \
        -ENOSYS while it is not loaded.
        """,
      wrong: """
        kernel "3.12" {
          module "ext4" { fn sync() { work 1us } }
          syscall flush() { ext4::sync() }
        }
        program p { flush() }
        scenario "x" {
          $ modprobe ext4
          spawn p
          sleep 1ms
        }
        """,
      right: """
        kernel "3.12" {
          module "ext4" {
            fn sync() { work 1us }
            syscall flush() { sync() }
          }
        }
        program p { ext4::flush() }
        scenario "x" {
          $ modprobe ext4
          spawn p
          sleep 1ms
        }
        """),
    Explanation(
      code: .notSimulatedShell, title: "more of a shell than there is",
      text: """
        After `$` stand commands as in a shell: with quotes, `*`, `?` and `[…]` in names of files, \
        `|`, `;`, `&&` and `||` between them, and `2>&1` or `2>/dev/null` behind them. Variables, \
        loops, `&` and other files are not there, but for `echo TEXT > FILE`.
        """,
      wrong: """
        kernel "3.12" { }
        scenario "x" { $ cat /proc/version > copy }
        """,
      right: """
        kernel "3.12" { }
        scenario "x" { $ cat /proc/version | grep Linux }
        """),
    Explanation(
      code: .unknownPackage, title: "a package that the channel does not have",
      text: """
        `zypper install` takes packages of the channel: one for each `package` clause of a patch, by \
        its name, or by its name, `=` and a version.
        """,
      wrong: """
        kernel "3.12" { fn f() { work 1us } }
        patch fix {
          package "kgraft-patch-3_12-default" version "1-1"
          fn f() { work 2us }
        }
        scenario "x" { $ zypper install kgraft-patch-3_12-xen }
        """,
      right: """
        kernel "3.12" { fn f() { work 1us } }
        patch fix {
          package "kgraft-patch-3_12-default" version "1-1"
          fn f() { work 2us }
        }
        scenario "x" { $ zypper install kgraft-patch-3_12-default }
        """),
    Explanation(
      code: .notInSearch, title: "a question that no search can answer",
      text: """
        In a search over every schedule speeds and delays are arbitrary, so that nothing takes any \
        definite time, and the lines of the log are not kept. `transition.duration` and `$ dmesg` \
        have no answer there. One run keeps both.
        """,
      wrong: """
        kernel "3.12" { fn f() { work 1us } }
        patch fix { fn f() { work 2us } }
        scenario "s" in every schedule {
          never mixed
          apply fix
          await not in_progress
          report "migration", transition.duration
        }
        """,
      right: """
        kernel "3.12" { fn f() { work 1us } }
        patch fix { fn f() { work 2us } }
        scenario "s" {
          apply fix
          await not in_progress
          report "migration", transition.duration
        }
        """),
  ]
}
