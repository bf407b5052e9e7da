#!/usr/bin/env bash
# Prints the model of lazy migration for N tasks (default 4): Spin's migration.pml with the same atomicity, in
# kernel variables alone, without a patching engine. Each task loops: enter, call f, perhaps sleep, call g, look
# whether both were of one universe, leave. The patcher opens the window, puts the stubs in one by one, marks the
# tasks one by one, closes the window, waits for each, and makes the stubs final.
set -euo pipefail
tasks=${1:-4}
cat <<END
kernel "4.4" {
    var stub_f in 0..1 = 0
    var stub_g in 0..1 = 0
    var fast_f in 0..1 = 0
    var fast_g in 0..1 = 0
    var immutable in 0..1 = 0
    var final in 0..1 = 0
END
for ((i = 0; i < tasks; i++)); do echo "    var marked_$i in 0..1 = 0"; done
for ((i = 0; i < tasks; i++)); do
  cat <<END
    fn call_f_$i() {
        var seen = 1
        atomic {
            if fast_f == 1 { seen = 2 } else {
                if stub_f == 1 {
                    if immutable == 1 { marked_$i = 1 } else { seen = 2 - marked_$i }
                }
            }
        }
        return seen
    }
    fn call_g_$i() {
        var seen = 1
        atomic {
            if fast_g == 1 { seen = 2 } else {
                if stub_g == 1 {
                    if immutable == 1 { marked_$i = 1 } else { seen = 2 - marked_$i }
                }
            }
        }
        return seen
    }
    kthread task_$i {
        loop {
            marked_$i = 0
            let a = call_f_$i()
            let _slept = choose(0, 0)
            let b = call_g_$i()
            work 1us
            if a != b { oops "one entry, two universes" }
            marked_$i = 0
        }
    }
END
done
echo '    kthread patcher {'
echo '        immutable = 1; stub_f = 1; stub_g = 1'
for ((i = 0; i < tasks; i++)); do echo "        marked_$i = 1"; done
echo '        immutable = 0'
for ((i = 0; i < tasks; i++)); do echo "        while marked_$i == 1 { }"; done
cat <<END
        fast_f = 1; fast_g = 1
        final = 1
    }
}
scenario "lazy migration" in every schedule {
    await final == 1
}
END
