"""The page of `graft demo --export FILE.html` in a real browser: python3 Tests/Browser/lesson.py GRAFT

It loads without a complaint and asks nobody for anything, at three widths, light and dark; it plays,
goes back, answers, by pointer and by keyboard; a lesson's words stay words.
Prints a line for each claim; status 1 if one does not hold.
"""

import os
import subprocess
import sys
import tempfile

from browser import Browser, Claims

SOURCE = '''
kernel "3.12.61-52-default" {
    queue packets
    fn verify() { work 2us }
    syscall recv() { wait packets; verify() }
}
patch fix { fn verify() { work 3us } }
program server { loop { recv() } }

lesson "one </script><img src=x onerror=alert(1)>" {
    chapter "quiet <b>" {
        let servers = spawn 2 of server
        show timeline
        show tasks
        show files "/sys/kernel/kgraft/in_progress"
        sleep 10ms
        say "Two servers wait. <script>alert(2)</script>"
        notes "for the speaker"
    }
    chapter "a patch" {
        apply fix
        ask "Done in a minute?" {
            wrong "yes" if not in_progress because "nobody leaves <i>the kernel</i>"
            right "no" if in_progress because "both sleep in it"
            hint "where are they?"
            reveal { sleep 1min }
        }
        show source verify
        show log
        wake packets
        await not in_progress within 4s
        pause "Press a key."
        say "Done: {servers[0].universe}."
    }
}
lesson "two" { say "The second lesson." }
'''

claim = Claims()


def main():
    graft = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "a.graft"), "w") as file:
            file.write(SOURCE)
        page = os.path.join(folder, "l.html")
        subprocess.run([graft, "demo", "a.graft", "--export", page], cwd=folder, check=True)
        look(page)
        for width in (390, 900, 1440):
            for dark in (False, True):
                shape(page, width, dark)
    return claim.end()


def shape(path, width, dark):
    name = f"{width} px, {'dark' if dark else 'light'}"
    with Browser(width, 900, dark) as browser:
        browser.open(path)
        for _ in range(12):
            browser.press("n")
        claim(not browser.errors, f"{name}: no complaint", browser.errors)
        wide = browser.ask("document.documentElement.scrollWidth")
        claim(wide <= width, f"{name}: nothing sticks out", wide)
        ink, paper = (browser.ask(f"getComputedStyle(document.body).{part}")
                      for part in ("color", "backgroundColor"))
        light = sum(int(value) for value in paper[4:-1].split(","))
        claim((light < 200) == dark, f"{name}: the paper is right", (ink, paper))


def look(path):
    with Browser(1200, 900) as browser:
        browser.open(path)
        text = lambda part: browser.ask(f"document.querySelector({part!r})?.textContent ?? ''")
        at = lambda: int(browser.ask("document.querySelector('footer .count').textContent.split('/')[0]"))
        click = lambda part: (browser.ask(f"document.querySelector({part!r}).click()"), browser.settle())
        claim(browser.requests == ["file://" + path], "only the page is asked for", browser.requests)
        claim(text("h1").startswith("one </script>"), "the title is text", text("h1"))
        claim(browser.ask("document.querySelectorAll('#page img, #page script').length") == 0
              and not browser.dialogs, "no word is markup")

        claim(at() == 1, "it begins at the beginning", at())
        click("[aria-label='One step on']")
        click("[aria-label='One step on']")
        claim(at() == 3, "a button goes a step", at())
        click("[aria-label='One step back']")
        claim(at() == 2, "and back", at())
        browser.press("n")
        claim("Two servers wait. <script>" in text(".said"), "n goes to what is said", text(".said"))
        claim("Two servers wait" in text("[role=status]"), "a screen reader hears it", text("[role=status]"))
        lanes = browser.ask("document.querySelector('svg.lanes').getAttribute('aria-label')")
        claim("server:100: asleep on packets" in lanes, "the picture has words", lanes)
        claim("asleep on packets" in text(".pane.tasks"), "the tasks stand in a table", text(".pane.tasks"))
        claim("0" in text(".pane.files pre"), "the file is shown", text(".pane.files"))
        browser.press("s")
        claim("for the speaker" in text(".notes"), "s shows the notes", text(".notes"))

        browser.press("]")
        browser.press("n")
        claim(text("legend") == "Done in a minute?", "the question comes", text("legend"))
        browser.press("i")
        claim("where are they?" in text(".hint"), "a hint comes", text(".hint"))
        before = at()
        click("[data-answer='0']")
        claim(at() > before and browser.ask("document.querySelectorAll('.answers [disabled]').length") == 2,
              "an answer goes on to what comes of it", at())
        for _ in range(20):
            if text(".verdict"):
                break
            browser.press("ArrowRight")
        claim(text(".verdict") == "Not so.", "and is judged", text(".verdict"))
        claim("both sleep in it" in text(".answers .is-right"), "with the reasons", text(".answers"))
        claim("<i>the kernel</i>" in text(".answers .is-wrong"), "of both", text(".answers"))

        browser.press("End")
        claim("Everything that was claimed holds" in text(".speech"), "it ends", text(".speech"))
        claim("new" in text(".pane.tasks .universe"), "in the new universe", text(".pane.tasks"))
        browser.press("Home")
        claim(at() == 1, "Home goes to the beginning", at())
        browser.ask("document.querySelector('input[type=range]').value = 7;"
                    "document.querySelector('input[type=range]').dispatchEvent(new Event('input'))")
        claim(at() == 8, "the slider goes anywhere", at())
        browser.ask("document.querySelector('select').value = '4';"
                    "document.querySelector('select').dispatchEvent(new Event('change'))")
        browser.press("Home")
        browser.press(" ")
        browser.ask("new Promise(done => setTimeout(done, 1500))")
        claim(at() > 2, "it plays by itself", at())
        browser.press(" ")
        place = at()
        browser.ask("new Promise(done => setTimeout(done, 700))")
        claim(at() == place, "and stops", (place, at()))
        browser.ask("document.querySelectorAll('nav button')[1].click()")
        browser.settle()
        claim(text("h1") == "two" and at() == 1, "the course has a second lesson", text("h1"))
        claim(not browser.errors, "no complaint", browser.errors)


sys.exit(main())
