"""`graft demo` on a real pseudo-terminal, with nothing but Python's own library: demo.py GRAFT

Keys, sizes, signals; and after each way to end, the terminal is what it was. A line a claim;
status 1 if one does not hold.
"""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import tempfile
import termios
import time

SOURCE = '''
lesson "player" {
    show log
    chapter "first" { say "Hello there."; notes "for me"; pause "Ready?" }
    chapter "second" {
        ask "which?" { right "this"; wrong "that"; hint "the first" }
        say "The last words."
    }
}
'''

failures = 0


def claim(holds, words, seen=None):
    global failures
    failures += not holds
    print(("ok      " if holds else "NOT OK  ") + words + ("" if holds else f": {seen!r}"))


class Terminal:
    """A child on a terminal of its own, and the screen as it stands: rows of text."""

    def __init__(self, arguments, columns=80, rows=24, term="xterm", **environment):
        self.size = (rows, columns)
        self.rows = [""] * rows
        self.all = ""
        self.status = None
        self.pid, self.file = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM=term, NO_COLOR="1", **environment)
            os.execv(arguments[0], arguments)
        self.resize(columns, rows)
        self.before = termios.tcgetattr(self.file)

    def resize(self, columns, rows):
        self.size = (rows, columns)
        fcntl.ioctl(self.file, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def read(self, seconds=0.6):
        """Takes what comes until nothing has come for a while."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not select.select([self.file], [], [], 0.05)[0]:
                continue
            try:
                data = os.read(self.file, 65536).decode(errors="replace")
            except OSError:
                break
            if not data:
                break
            self.all += data
            self.draw(data)
            end = max(end, time.monotonic() + 0.2)
        return "\n".join(self.rows)

    def wait(self, words, seconds=10):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if words in self.read(0.1):
                return True
        return words in self.read(0.1)

    def draw(self, data):
        if "\x1b[2J" in data:
            self.rows = [""] * self.size[0]
        for row, text in re.findall(r"\x1b\[(\d+);1H(.*?)\x1b\[K", data, re.S):
            while len(self.rows) < int(row):
                self.rows.append("")
            self.rows[int(row) - 1] = re.sub(r"\x1b\[[0-9;]*m", "", text)

    def type(self, keys):
        os.write(self.file, keys.encode())
        return self.read(0.3)

    def end(self, seconds=10):
        """The exit status, or minus the signal."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.read(0.05)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        return None

    def is_restored(self):
        left = self.all.rfind("\x1b[?1049l")
        return left > self.all.rfind("\x1b[?1049h") >= 0 and "\x1b[?25h" in self.all[:left + 9]


def main():
    graft = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "a.graft")
        with open(path, "w") as file:
            file.write(SOURCE)
        notes = os.path.join(folder, "notes")
        plays(graft, path)
        presents(graft, path, notes)
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            killed(graft, path, number)
        dumb(graft, path)
    print(f"{failures} failures")
    return 1 if failures else 0


def plays(graft, path):
    terminal = Terminal([graft, "demo", path])
    claim(terminal.wait("player"), "it begins", terminal.rows)
    claim(terminal.wait("Hello there."), "and plays by itself", terminal.rows)
    claim(terminal.wait("Ready?") and "standing" in terminal.rows[23], "up to a pause", terminal.rows)
    terminal.type(" ")
    claim(terminal.wait("which?"), "space goes on", terminal.rows)
    screen = terminal.type("i")
    claim("hint: the first" in screen, "i gives a hint", screen)
    screen = terminal.type("2")
    claim(terminal.wait("✓ 1  this"), "an answer is judged", terminal.rows)
    screen = terminal.type("\x1b[D")
    claim("which?" in screen and "›" in screen, "an arrow goes back", screen)
    screen = terminal.type("g")
    claim(" 1/" in screen, "g goes to the beginning", screen)
    terminal.type("G")
    claim(terminal.wait("Everything that was claimed holds"), "G to the end", terminal.rows)
    screen = terminal.type("?")
    claim("any key goes back" in screen, "? has the keys", screen)
    terminal.type("x")
    terminal.resize(60, 18)
    os.kill(terminal.pid, signal.SIGWINCH)
    screen = terminal.read()
    claim(len([row for row in terminal.rows if row]) <= 18 and "end" in screen, "it takes another size", screen)
    terminal.type("q")
    claim(terminal.end() == 0 and terminal.is_restored(), "q ends, and the terminal is as before", terminal.all[-60:])
    after = termios.tcgetattr(terminal.file)
    claim(after[3] & termios.ICANON and after[3] & termios.ECHO, "with its lines and its echo", after[3])


def presents(graft, path, notes):
    terminal = Terminal([graft, "demo", path, "--presenter", "--notes", notes])
    claim(terminal.wait("standing"), "a presenter is waited for", terminal.rows)
    first = terminal.read(1.2)
    claim(" 1/" in first, "and nothing goes by itself", first)
    terminal.type(" ")
    terminal.type(" ")
    claim("Hello there." in "\n".join(terminal.rows), "a key goes to what is said next", terminal.rows)
    with open(notes) as file:
        claim("for me" in file.read(), "the notes are in their file")
    claim("for me" not in "\n".join(terminal.rows), "and not on the screen", terminal.rows)
    terminal.type("\x03")
    claim(terminal.end() == 130 and terminal.is_restored(), "Ctrl-C breaks it off, with 130", terminal.all[-60:])


def killed(graft, path, number):
    terminal = Terminal([graft, "demo", path])
    terminal.wait("player")
    os.kill(terminal.pid, number)
    status = terminal.end()
    claim(status == -number and terminal.is_restored(), f"{number.name} leaves a good terminal", (status, terminal.all[-60:]))


def dumb(graft, path):
    terminal = Terminal([graft, "demo", path], term="dumb")
    status = terminal.end()
    claim(status == 0 and "\x1b" not in terminal.all and "Hello there." in terminal.all,
          "a dumb terminal gets frames as text", terminal.all[:200])


sys.exit(main())
