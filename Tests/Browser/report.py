"""The page of `graft run --report-html` in a real browser: python3 Tests/Browser/report.py GRAFT

It loads without a complaint and asks nobody for anything, at three widths, light and dark; it says
what the batch said; a scenario's words stay words; the timeline is read by keyboard and pointer.
Prints a line for each claim; status 1 if one does not hold.
"""

import os
import subprocess
import sys
import tempfile

from browser import Browser, Claims

SOURCE = '''# A reader that sleeps in old code, and a claim that is too hasty.
kernel "4.4.21-69-default" {
    queue packets
    fn check() { return 1 }
    syscall receive() { wait packets; check() }
    syscall poll() { check() }
}
patch fix { fn check() { return 2 } }
program reader { loop { receive() } }
program poller { loop { poll(); sleep 3ms } }

scenario "hasty </script><img src=x onerror=alert(1)>" for n in [2, 300] @slow {
    spawn n of reader
    spawn poller
    sleep 10ms
    apply fix
    for t in 1..n { wake packets; sleep 1ms }
    print "<script>alert(2)</script>"
    assert not in_progress
}
scenario "too early" in every schedule {
    spawn poller
    apply fix
    check not in_progress
    await not in_progress
}
scenario "fine" { spawn reader; sleep 1ms; apply fix; sleep 1ms }
scenario "left out" { skip "no machine has this" }
'''

claim = Claims()


def main():
    graft = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "a.graft"), "w") as file:
            file.write(SOURCE)
        subprocess.run([graft, "run", "-q", "a.graft", "--report-html", "r.html"], cwd=folder,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        subprocess.run([graft, "run", "-q", "a.graft::fine", "--report-html", "fine.html",
                        "--timelines"], cwd=folder, stdout=subprocess.DEVNULL)
        for width, height, dark in ((1280, 900, False), (760, 900, True), (390, 800, False)):
            with Browser(width, height, dark) as page:
                look(page, folder, f"{width} columns, {'dark' if dark else 'light'}")
        with Browser() as page:
            read(page, folder)
            one_that_passes(page, folder)
    return claim.end()


def look(page, folder, name):
    path = os.path.join(folder, "r.html")
    page.open(path)
    for number in range(5):
        page.ask(f"document.querySelectorAll('details.case')[{number}].open = true")
        page.settle()
    claim(page.errors == [], f"{name}: nothing is complained of", page.errors)
    claim(page.requests == ["file://" + path], f"{name}: nothing is asked for", page.requests)
    claim(page.dialogs == [] and page.ask("document.images.length") == 0,
          f"{name}: words of a scenario are no markup", page.dialogs)
    width = page.ask("document.documentElement.scrollWidth - innerWidth")
    claim(width <= 0, f"{name}: nothing stands out at the side", width)


def read(page, folder):
    page.open(os.path.join(folder, "r.html"))
    title = page.ask("document.querySelector('h1').textContent")
    # Two rows and the search fail; one passes, one is left out.
    claim(title == "5 scenarios: 1 passed, 3 failed, 1 skipped", "the head says what came of it", title)
    names = page.ask("[...document.querySelectorAll('summary .name')].map(e => e.firstChild.data)")
    claim(names[0] == "hasty </script><img src=x onerror=alert(1)>[n=2]", "names are as written", names)
    claim(page.ask("document.querySelector('details.case').open"), "the first failure is open")
    marked = page.ask("document.querySelector('.source .failing').innerText")
    claim("assert not in_progress" in marked and marked.startswith("19"), "its line is marked", marked)
    lanes = page.ask("[...document.querySelectorAll('details.case[open] .timeline .label')].map(e => e.textContent)")
    claim(lanes == ["transition", "reader:100", "reader:101", "poller:102"], "each task has a lane", lanes)

    def readout():
        return page.ask("document.querySelector('details.case[open] .readout').innerText")
    page.ask("document.querySelector('details.case[open] .timeline').focus()")
    page.press("Home")
    first = readout()
    claim("0s" in first and "reader:100: user, old universe" in first, "Home reads the beginning", first)
    page.press("End")
    last = readout()
    claim("new universe" in last and "in_progress 1" in last, "End reads the end", last)
    page.press("ArrowLeft")
    claim(readout() != last, "an arrow reads the moment before", readout())
    box = page.ask("(r => [r.x, r.y, r.width])(document.querySelector('details.case[open] .timeline').getBoundingClientRect())")
    page.call("Input.dispatchMouseEvent", type="mouseMoved", x=box[0] + box[2] / 2, y=box[1] + 30)
    page.settle()
    middle = readout()
    claim(middle not in (first, last), "the pointer reads what it is on", middle)
    claim(page.ask("document.querySelectorAll('details.case[open] .story .current').length") >= 1
          or page.ask("document.querySelectorAll('details.case[open] .source .now').length") == 1,
          "the story and the source follow")
    page.ask("document.querySelectorAll('details.case')[1].open = true")
    page.settle()
    bands = page.ask("document.querySelectorAll('details.case')[1].querySelectorAll('.timeline path').length")
    claim(bands >= 2, "many tasks are a band", bands)

    page.ask("document.querySelectorAll('details.case')[2].open = true")
    page.settle()
    sides = page.ask("[...document.querySelectorAll('details.case')[2].querySelectorAll('.sides section')]"
                     ".map(e => e.querySelector('h2').textContent + e.querySelectorAll('.timeline svg').length)")
    claim(sides == ["fails1", "passes1"], "what fails and what passes stand side by side", sides)

    chips = "[...document.querySelectorAll('.filters button')]"
    page.ask(chips + ".find(b => b.innerText.includes('skipped')).click()")
    shown = page.ask("[...document.querySelectorAll('summary .verdict')].map(e => e.textContent)")
    claim(shown == ["SKIP"], "a verdict filters", shown)
    page.ask(chips + ".find(b => b.innerText.includes('skipped')).click()")
    page.ask("(e => { e.value = 'SLOW hasty'; e.dispatchEvent(new Event('input')) })(document.querySelector('input'))")
    count = page.ask("document.querySelectorAll('details.case').length")
    claim(count == 2, "words and tags filter", count)
    page.ask("(e => { e.value = 'nothing such'; e.dispatchEvent(new Event('input')) })(document.querySelector('input'))")
    empty = page.ask("document.body.innerText")
    claim("No scenario is like that." in empty, "nothing found is said", None)
    claim(page.errors == [], "nothing is complained of on the way", page.errors)


def one_that_passes(page, folder):
    page.open(os.path.join(folder, "fine.html"))
    page.settle()
    story = page.ask("(document.querySelector('details.case[open] .story') || {}).innerText || ''")
    claim("apply fix" in story and "the immutable window opens" in story,
          "one that passes is told on request", story[:200])


sys.exit(main())
