#!/usr/bin/env bash
# Prints the model of lazy migration for N tasks (default 4) so that tasks are alike: that of migration.sh and of Spin's
# migration.pml, where what a task knows of itself (whether it is marked, whether its turn to be marked has come) is
# a variable of its own code. Each task loops: enter, call f, perhaps sleep, call g, look whether both were of one
# universe, leave; each of these is one step. The patcher marks the tasks in any order, where Spin's does by their
# numbers: it offers a mark, and whoever goes next that has had none takes it in place of its own step, wherever it
# stands. So a mark is two steps here and one there. Who is marked still is a number that the tasks keep, as the
# patcher waits for all of them. Two steps are nobody else's affair (`work`): to sleep, and to look.
set -euo pipefail
tasks=${1:-4}
step() { # what the task does, in one step, unless it is marked instead
  cat <<END
            loop {
                var is_marked = 0
                atomic {
                    if offer == 1 and had_mark == 0 {
                        offer = 0; had_mark = 1; is_marked = 1
                        if marked == 0 { marked = 1; left = left + 1 }
                    } else { $1 }
                }
                if is_marked == 0 { break }
            }
END
}
cross() { step 'if marked == 1 { marked = 0; left = left - 1 }'; }
call() {
  step "if fast_$1 == 1 { $2 = 2 } else { if stub_$1 == 1 {
                        if immutable == 1 { if marked == 0 { marked = 1; left = left + 1 } } else { $2 = 2 - marked }
                    } }"
}
cat <<END
kernel "4.4" {
    var stub_f in 0..1 = 0
    var stub_g in 0..1 = 0
    var fast_f in 0..1 = 0
    var fast_g in 0..1 = 0
    var immutable in 0..1 = 0
    var offer in 0..1 = 0
    var left in 0..$tasks = 0
    var final in 0..1 = 0
    syscall entries() {
        var marked = 0
        var had_mark = 0
        loop {
            var a = 1
            var b = 1
$(cross)
$(call f a)
            work 1us
$(call g b)
            work 1us
            if a != b { oops "one entry, two universes" }
$(cross)
        }
    }
    kthread patcher {
        immutable = 1; stub_f = 1; stub_g = 1
        for i in 1..$tasks {
            loop {
                var waits = 0
                atomic { if offer == 1 { waits = 1 } else { offer = 1 } }
                if waits == 0 { break }
            }
        }
        while offer == 1 { }
        immutable = 0
        while left > 0 { }
        fast_f = 1; fast_g = 1
        final = 1
    }
}
program looper { entries() }
scenario "lazy migration of alike tasks" in every schedule {
    spawn $tasks of looper
    await final == 1
}
END
