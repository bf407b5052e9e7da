"""The prompt on a real pseudo-terminal: one check a function, each with a session of its own.

usage: prompt.py GRAFT [NAME …]     prints a line a check, ends with 1 if one fails
Needs pexpect (PyPI); without it the exit status is 77.
"""
import os
import re
import signal
import stat
import subprocess
import sys
import tempfile
import time

try:
    import pexpect
except ImportError:
    print("pexpect is missing: pip install pexpect")
    sys.exit(77)

GRAFT = sys.argv[1] if len(sys.argv) > 1 else "graft"
HOME = tempfile.mkdtemp(prefix="graft-prompt-")
PROMPT = r"graft> "


def start(arguments=(), columns=80, lines=24, **environment):
    values = dict(os.environ, HOME=HOME, TERM="xterm", NO_COLOR="1", LANG="C.UTF-8")
    values.pop("XDG_STATE_HOME", None)
    values.update(environment)
    child = pexpect.spawn(
        GRAFT, ["repl", *arguments], dimensions=(lines, columns), env=values,
        encoding="utf-8", codec_errors="replace", timeout=60)
    # Nothing here waits for a while: each check waits for what it expects.
    child.delaybeforesend = None
    child.delayafterclose = child.ptyproc.delayafterclose = 0
    child.expect(PROMPT)
    return child


def plain(text):
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0e-\x1f]", "", text)


def answers(child, text, timeout=-1):
    """The answer stands on a line of its own, perhaps behind the end of an escape sequence."""
    child.expect(r"[\nl]" + re.escape(text) + "\r\n", timeout=timeout)
    child.expect(PROMPT)


def say(child, text, expected=None):
    """Types a line; gives what was said up to the next prompt."""
    child.send(text + "\r")
    if expected:
        child.expect(expected)
    child.expect(r"graft(:\w+)?> ")
    return plain(child.before)


def leave(child):
    # One that comes before the prompt ends nothing.
    for _ in range(60):
        child.sendeof()
        if child.expect([pexpect.EOF, pexpect.TIMEOUT], timeout=1) == 0:
            break
    child.close()
    return child.exitstatus


def check_hint_and_leave():
    child = start()
    assert "load example" in plain(child.before), child.before
    assert leave(child) == 0


def check_expression():
    child = start()
    child.send("1 + 2\r")
    answers(child, "3")
    leave(child)


def check_three_lines_to_a_migration():
    child = start()
    say(child, "load example")
    say(child, "spawn 3 of server; run 10ms; apply fix_frame_check", "immutable window")
    child.send("why\r")
    child.expect("old universe")
    leave(child)


def check_unique_completion():
    child = start()
    child.send("timel\t\r")
    child.expect("no task has moved yet")
    leave(child)


def check_completion_of_live_state():
    child = start()
    say(child, "load example")
    say(child, "spawn 2 of server")
    say(child, "run 1ms")
    say(child, "wake \t")
    child.send("history\r")
    child.expect("wake packets")
    leave(child)


def check_completion_lists_help():
    child = start()
    child.send("ba\t")
    child.send("\t")
    child.send("\x15")
    child.send("b\t\t")
    child.expect("go back a step")
    child.send("\x15")
    leave(child)


def check_several_lines():
    child = start()
    child.send('kernel "3.12" {\r')
    child.expect(r"\.\.\.> ")
    child.send("syscall nap() { work 1us }\r")
    child.expect(r"\.\.\.> ")
    child.send("}\r")
    child.expect("ok")
    leave(child)


def check_interrupt_of_a_line():
    # So narrow that nothing stands at the right, for which a line would be drawn again.
    child = start(columns=45)
    for _ in range(5):
        child.send("spawn nobody")
        child.expect("nobody")
        child.sendintr()
        child.expect(PROMPT)
    child.send("1 + 1\r")
    answers(child, "2")
    leave(child)


def check_interrupt_of_a_run():
    child = start()
    say(child, "load example")
    say(child, "spawn 2 of server")
    child.send("run 20h\r")
    # The line is read; the run may not have begun when the first one comes.
    child.expect_exact("\x1b[?2004l")
    for _ in range(60):
        child.sendintr()
        if child.expect(["interrupted", pexpect.TIMEOUT], timeout=1) == 0:
            break
    child.expect(PROMPT)
    child.send("1 + 1\r")
    answers(child, "2")
    leave(child)


def check_end_in_a_block():
    child = start()
    child.send("program p {\r")
    child.expect(r"\.\.\.> ")
    child.sendeof()
    child.expect("dropped")
    child.expect(PROMPT)
    assert leave(child) == 0


def check_history():
    folder = tempfile.mkdtemp(prefix="graft-state-")
    child = start(XDG_STATE_HOME=folder)
    say(child, "40 + 2")
    leave(child)
    path = os.path.join(folder, "graft", "history")
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    child = start(XDG_STATE_HOME=folder)
    child.send("\x1b[A\r")
    answers(child, "42")
    # Another prompt at the same time: neither loses the other's lines.
    other = start(XDG_STATE_HOME=folder)
    say(other, "1 + 7")
    say(child, "2 + 7")
    leave(other)
    leave(child)
    lines = open(path).read().splitlines()
    assert "1 + 7" in lines and "2 + 7" in lines and "40 + 2" in lines, lines


def check_long_history():
    folder = tempfile.mkdtemp(prefix="graft-state-")
    os.makedirs(os.path.join(folder, "graft"))
    path = os.path.join(folder, "graft", "history")
    with open(path, "w") as file:
        for number in range(13_000):
            file.write(f"{number} + 0\n")
    child = start(XDG_STATE_HOME=folder)
    child.send("\x1b[A\r")
    answers(child, "12999")
    leave(child)
    assert len(open(path).read().splitlines()) <= 10_001


def check_search():
    child = start()
    say(child, "100 + 11")
    say(child, "1 + 1")
    child.send("\x12100\r")
    answers(child, "111")
    leave(child)


def check_paste_of_lines():
    child = start()
    child.send("\x1b[200~let a = 20\rlet b = 22\ra + b\r\x1b[201~")
    child.send("\r")
    answers(child, "42")
    leave(child)


def check_paste_waits_for_enter():
    child = start()
    child.send("\x1b[200~let q = 6\rq * 100\x1b[201~")
    child.expect(r"100")
    child.sendintr()
    child.expect(PROMPT)
    child.send("q\r")
    child.expect("E0201")
    child.expect(PROMPT)
    child.send("\x1b[200~let q = 6\rq * 100\r\x1b[201~\r")
    answers(child, "600")
    leave(child)


def check_paste_of_many_lines():
    child = start()
    child.send("\x1b[200~" + "var x = 0\r" + "x = x + 1\r" * 40 + "x\x1b[201~")
    child.expect_exact("[paste 1: 42 lines]")
    child.send("\r")
    answers(child, "40")
    leave(child)


def check_interrupt_of_a_paste():
    child = start()
    child.send("\x1b[200~1 + 1\r")
    child.sendintr()
    child.expect(PROMPT)
    child.send("2 + 2\r")
    answers(child, "4")
    leave(child)


def check_paste_of_one_line():
    child = start()
    child.send("\x1b[200~20 + 22\x1b[201~\r")
    answers(child, "42")
    leave(child)


def check_paste_of_a_megabyte():
    child = start()
    child.send("\x1b[200~")
    block = "# nothing but a comment that goes on and on and on\r" * 400
    for _ in range(50):
        child.send(block)
    child.send("\x1b[201~\r")
    child.expect(PROMPT, timeout=60)
    child.send("1 + 1\r")
    answers(child, "2", timeout=60)
    leave(child)


def check_garbage():
    child = start()
    child.send("".join(chr(code) for code in range(0x80, 0x100)) + "\r")
    child.expect(PROMPT)
    os.write(child.child_fd, b"\xff\xfe\xc0\x80\xf5\r")
    child.expect(PROMPT)
    child.send("1 + 1\r")
    answers(child, "2")
    leave(child)


def check_long_line():
    child = start()
    child.send("1" + " + 1 - 1" * 60 + " + " + "1" * 18 + " " * 4000 + "\r")
    answers(child, "1" * 17 + "2")
    leave(child)


def check_wide_characters():
    child = start()
    child.send('"漢字 äöü"\r')
    child.expect("漢字 äöü\r\n")
    leave(child)


def check_resize():
    child = start()
    child.setwinsize(24, 40)
    child.send("1 + 1\r")
    answers(child, "2")
    child.setwinsize(50, 300)
    child.send("2 + 2\r")
    answers(child, "4")
    leave(child)


def check_narrow_terminal():
    child = start(columns=40)
    say(child, "load example")
    say(child, "spawn 3 of server; run 10ms; apply fix_frame_check")
    child.send("why\r")
    child.expect("force")
    child.expect(PROMPT)
    for line in plain(child.before).split("\r\n"):
        assert len(line) <= 40, line
    leave(child)


def check_dumb_terminal():
    child = start(TERM="dumb")
    child.send("1 + 1\r")
    child.expect("2")
    child.expect(PROMPT)
    assert "\x1b" not in child.before, repr(child.before)
    leave(child)


def check_no_colour():
    child = start(NO_COLOR="1")
    text = say(child, "help")
    assert "\x1b[1m" not in child.before
    assert "back" in text
    leave(child)


def check_colour():
    child = start(NO_COLOR="")
    child.send("help\r")
    child.expect("\x1b\\[1mtime")
    leave(child)


def check_other_locale():
    child = start(LANG="C", LC_ALL="C")
    child.send('"ä"\r')
    child.expect("ä\r\n")
    leave(child)


def check_stop_and_go_on():
    shell = pexpect.spawn(
        "bash", ["--norc"], dimensions=(24, 80), encoding="utf-8", timeout=20,
        env=dict(os.environ, HOME=HOME, TERM="xterm", NO_COLOR="1", PS1="shell$ "))
    shell.delaybeforesend = None
    shell.expect_exact("shell$ ")
    shell.send(f"{GRAFT} repl\r")
    shell.expect(PROMPT)
    shell.send("\x1a")
    shell.expect_exact("shell$ ")
    shell.send("fg\r")
    shell.expect(PROMPT)
    shell.send("1 + 1\r")
    answers(shell, "2")
    shell.sendeof()
    shell.expect_exact("shell$ ")
    shell.send("exit\r")
    shell.close()


def check_terminal_gone():
    child = start()
    pid = child.pid
    child.close(force=False)
    for _ in range(50):
        try:
            os.waitpid(pid, os.WNOHANG)
            os.kill(pid, 0)
        except (ProcessLookupError, ChildProcessError):
            return
        time.sleep(0.1)
    raise AssertionError("it lives on without a terminal")


def check_hangup():
    child = start()
    child.kill(signal.SIGHUP)
    child.expect(pexpect.EOF)
    child.close()
    assert child.signalstatus == signal.SIGHUP or child.exitstatus is not None


def check_editrc():
    home = tempfile.mkdtemp(prefix="graft-home-")
    with open(os.path.join(home, ".editrc"), "w") as file:
        file.write("bind -v\n")
    child = start(HOME=home)
    child.send("timel\t\r")
    child.expect("no task has moved yet")
    # The escape alone leads to the command mode, whose `:` is none.
    child.send('1 + 5\x1bx')
    child.send('a2\r')
    answers(child, "3")
    child.send('\x1b:"i1 + 3\r')
    answers(child, "4")
    leave(child)


def check_open_quotes():
    """libedit reads beyond its memory where a quote is open: neither its file nor its keys may."""
    home = tempfile.mkdtemp(prefix="graft-home-")
    with open(os.path.join(home, ".editrc"), "w") as file:
        file.write('bind "^L ed-clear\nbind "^T" ed-command\nbind ^P ed-prev-char\n')
    child = start(HOME=home)
    before = plain(child.before)
    assert ".editrc:1: a quote is not closed" in before, before
    assert ".editrc:2: ed-command" in before, before
    child.send('\x1bx"\r')
    child.expect(PROMPT)
    say(child, "1 + 2", "3")
    leave(child)


def check_editor():
    script = tempfile.NamedTemporaryFile("w", suffix=".sh", delete=False)
    script.write("#!/bin/sh\nsed -i 's/let a = 1/let a = 5/' \"$1\"\n")
    script.close()
    os.chmod(script.name, 0o755)
    child = start(VISUAL="", EDITOR=script.name)
    say(child, "let a = 1")
    child.send("edit\r")
    child.expect("a = 5")
    child.expect(PROMPT)
    child.send("a\r")
    answers(child, "5")
    leave(child)


def check_script():
    run = lambda text, *more: subprocess.run(
        [GRAFT, "repl", *more], input=text, capture_output=True, text=True, timeout=30)
    done = run("1 + 1\n")
    assert (done.returncode, done.stdout) == (0, "2\n"), done
    assert run("assert 1 == 2\n").returncode == 4
    assert run("spawn nobody\n").returncode == 2
    assert run("let x = 1\nlet y = x / 0\n").returncode == 3
    assert run("", "-e", "6 * 7").stdout == "42\n"


def check_first_prompt_is_quick():
    best = 1.0
    for _ in range(5):
        began = time.monotonic()
        child = start()
        best = min(best, time.monotonic() - began)
        leave(child)
    print(f"   first prompt after {best * 1000:.0f} ms, the test's own part included")


checks = [value for name, value in list(globals().items()) if name.startswith("check_")]
wanted = sys.argv[2:]
failed = 0
for check in checks:
    name = check.__name__[len("check_"):]
    if wanted and name not in wanted:
        continue
    try:
        check()
        print(f"ok   {name}")
    except Exception as error:  # a check that breaks has failed
        failed += 1
        lines = [line for line in str(error).splitlines() if line.startswith(("before", "buffer"))]
        print(f"FAIL {name}: {type(error).__name__} {' '.join(lines) or error}"[:600])
sys.exit(1 if failed else 0)
