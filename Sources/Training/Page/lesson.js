"use strict";
// Plays lessons: the data stand in this page, and everything that comes from them is set as text.
(() => {
  const blocks = kind => [...document.querySelectorAll(`script[data-kind="${kind}"]`)]
    .map(block => JSON.parse(block.textContent));
  const head = blocks("head")[0];
  const lessons = blocks("lesson");
  const page = document.getElementById("page");

  const make = (name, attributes = {}, ...children) => {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key === "onclick") node.addEventListener("click", value);
      else if (value === true) node.setAttribute(key, "");
      else if (value !== false && value != null) node.setAttribute(key, value);
    }
    node.append(...children.filter(child => child != null));
    return node;
  };
  const draw = (name, attributes = {}, text) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    if (text != null) node.textContent = text;
    return node;
  };
  // A list is shown anew only when it has changed, so that focus and scrolling stay.
  const put = (node, ...children) => node.replaceChildren(...children.filter(child => child != null));

  // ---- The moments: each carries on what the one before it had.

  const carried = ["chapter", "narration", "question", "line", "columns", "log", "views", "wanted", "tasks", "files", "terminal"];
  for (const lesson of lessons) {
    let last = { chapter: -1, narration: "", question: -1, line: 0, columns: 0, log: 0, views: [], wanted: [], tasks: [], files: [], terminal: [] };
    for (const moment of lesson.moments) {
      for (const name of carried) if (!(name in moment)) moment[name] = last[name];
      last = moment;
    }
    lesson.choices = {};
    lesson.hints = {};
  }
  const isStop = moment => moment.kind !== "statement" && moment.kind !== "event";

  // ---- What is shown now.

  let lesson = lessons[0];
  let index = 0;
  let timer = null;
  let pace = 1;
  let showsNotes = false;
  const moment = () => lesson.moments[index];
  const lastIndex = () => lesson.moments.length - 1;
  const openQuestion = () => moment().kind === "question" ? moment().question : -1;

  // ---- The page, once.

  const title = make("h1", { id: "title" });
  const when = make("span", { class: "when" });
  const courseNav = make("nav", { "aria-label": "Lessons" });
  const chapterNav = make("nav", { "aria-label": "Chapters" });
  const speech = make("section", { class: "speech", "aria-label": "What is said" });
  const happened = make("div", { class: "happened", "aria-label": "What has happened" });
  const live = make("div", { class: "hidden", "aria-live": "polite", role: "status" });
  const stage = make("section", { class: "stage", "aria-label": "The machine" });
  const symbol = text => make("span", { "aria-hidden": "true" }, text);
  const word = text => make("span", { class: "word" }, " " + text);
  const first = make("button", { "aria-label": "To the beginning", title: "To the beginning (Home)", onclick: () => go(0) }, symbol("|◂"));
  const back = make("button", { "aria-label": "One step back", title: "One step back (←)", onclick: () => go(index - 1) }, symbol("◂"), word("back"));
  const play = make("button", { class: "play", onclick: () => toggle() });
  const forth = make("button", { "aria-label": "One step on", title: "One step on (→)", onclick: () => go(index + 1) }, word("step "), symbol("▸"));
  const next = make("button", { "aria-label": "On to what is said next", title: "What is said next (N)", onclick: () => goToStop(1) }, word("next "), symbol("▸|"));
  const range = make("input", { type: "range", min: 0, step: 1, "aria-label": "Place in the lesson" });
  const count = make("span", { class: "count" });
  const speed = make("select", { "aria-label": "Speed" },
    ...[["0.5", "½×"], ["1", "1×"], ["2", "2×"], ["4", "4×"]].map(([value, text]) =>
      make("option", { value, selected: value === "1" }, text)));
  const keys = make("details", { class: "keys" }, make("summary", {}, "Keys"),
    make("dl", {}, ...[["space", "play, stop, go on"], ["← →", "one step"], ["N P", "what is said next, or was said last"],
      ["] [", "chapter"], ["Home End", "beginning, end"], ["1 2 3 …", "answer"], ["I", "a hint"], ["+ −", "faster, slower"],
      ["S", "the speaker's notes"]].flatMap(([key, text]) => [make("dt", {}, key), make("dd", {}, text)])));
  const footer = make("footer", { "aria-label": "Player" }, first, back, play, forth, next, range, speed, count);
  put(page, make("header", {}, title, when), lessons.length > 1 ? courseNav : null, chapterNav,
    speech, stage, live, footer, keys);
  range.addEventListener("input", () => go(Number(range.value)));
  speed.addEventListener("change", () => { pace = Number(speed.value); if (timer) { stop(); start(); } });

  // ---- Moving.

  function open(number, place) {
    lesson = lessons[number];
    const text = lessons.length > 1 ? head.title + " · " + lesson.title : lesson.title;
    document.title = text;
    put(title, lesson.title);
    put(courseNav, ...lessons.map((other, at) => make("button",
      { "aria-current": other === lesson ? "true" : null, onclick: () => open(at, 0) }, `${other.number ?? at + 1}. ${other.title}`)));
    const current = courseNav.children[number];
    if (current) courseNav.scrollLeft = current.offsetLeft - (courseNav.clientWidth - current.offsetWidth) / 2;
    put(chapterNav, ...lesson.chapters.map((chapter, at) => make("button",
      { "data-chapter": at, onclick: () => go(chapter.start) }, `${at + 1}. ${chapter.title}`)));
    chapterNav.hidden = lesson.chapters.length === 0;
    range.max = lastIndex();
    for (const pane of Object.values(panes)) pane.key = null;
    index = -1;
    go(place);
  }

  function go(place, plays = false) {
    const target = Math.max(0, Math.min(lastIndex(), place));
    if (!plays) stop();
    if (target === index) return show();
    index = target;
    show();
    announce();
  }

  function goToStop(direction) {
    let place = index + direction;
    while (place > 0 && place < lastIndex() && !isStop(lesson.moments[place])) place += direction;
    go(place);
  }

  function goToChapter(direction) {
    const starts = lesson.chapters.map(chapter => chapter.start);
    const found = direction > 0 ? starts.find(start => start > index) : starts.findLast(start => start < index);
    go(found ?? (direction > 0 ? lastIndex() : 0));
  }

  // ---- Time.

  const isHeld = () => ["pause", "question", "end"].includes(moment().kind);

  function start() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = null;
      if (index >= lastIndex()) return show();
      go(index + 1, true);
      if (isHeld()) show(); else start();
    }, moment().ms / pace);
    show();
  }

  function stop() {
    clearTimeout(timer);
    timer = null;
  }

  function toggle() {
    if (timer) { stop(); return show(); }
    if (index === lastIndex()) go(0);
    else if (isHeld()) go(index + 1);
    if (isHeld()) show(); else start();
  }

  function answer(number) {
    const question = openQuestion();
    if (question < 0 || !lesson.questions[question].answers[number]) return;
    lesson.choices[question] = number;
    go(index + 1);
    if (!isHeld()) start();
  }

  function hint() {
    const question = openQuestion();
    if (question < 0) return;
    lesson.hints[question] = Math.min(lesson.questions[question].hints.length, (lesson.hints[question] ?? 0) + 1);
    show();
  }

  function changeSpeed(step) {
    speed.selectedIndex = Math.max(0, Math.min(speed.options.length - 1, speed.selectedIndex + step));
    speed.dispatchEvent(new Event("change"));
  }

  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const isControl = event.target.matches("button, select, summary");
    const isRange = event.target === range;
    const actions = {
      "ArrowRight": () => go(index + 1), "ArrowLeft": () => go(index - 1), "n": () => goToStop(1), "p": () => goToStop(-1),
      "]": () => goToChapter(1), "[": () => goToChapter(-1), "Home": () => go(0), "End": () => go(lastIndex()),
      "i": hint, "+": () => changeSpeed(1), "-": () => changeSpeed(-1), "s": () => { showsNotes = !showsNotes; show(); },
    };
    if (event.key === " " && !isControl) { event.preventDefault(); return toggle(); }
    if (/^[1-9]$/.test(event.key) && !event.target.matches("select")) return answer(Number(event.key) - 1);
    const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action || event.target.matches("select") || (isRange && event.key.length > 1)) return;
    event.preventDefault();
    action();
  });

  // ---- What is said.

  function happenedLine([mark, text, tone]) {
    return make("div", { class: tone }, `${mark} ${text}`.trimStart());
  }

  // Between the question and its answers it stands there, closed: something is being revealed.
  function questionNode(number, isAnswered, isOpen) {
    const question = lesson.questions[number];
    const choice = lesson.choices[number];
    const answers = question.answers.map((answer, at) => {
      const state = !isAnswered ? (choice === at && !isOpen ? "is-chosen" : "") : answer.right ? "is-right" : choice === at ? "is-wrong" : "";
      const explains = isAnswered && answer.because && (answer.right || choice === at);
      const mark = !isAnswered ? "" : answer.right ? " ✓" : choice === at ? " ✗" : "";
      return make("button", { class: state, disabled: !isOpen, "data-answer": at, onclick: () => answer_(at) },
        make("span", { class: "number" }, String(at + 1)), answer.text + mark,
        explains ? make("div", { class: "because" }, answer.because) : null);
    });
    const shown = lesson.hints[number] ?? 0;
    const hints = isAnswered ? [] : question.hints.slice(0, shown).map(text => make("p", { class: "hint" }, "Hint: " + text));
    const more = isOpen && shown < question.hints.length
      ? make("p", { class: "hint" }, make("button", { onclick: hint }, "A hint")) : null;
    const isRight = choice != null && question.answers[choice].right;
    const verdict = isAnswered && choice != null
      ? make("p", { class: "verdict " + (isRight ? "good" : "bad") }, isRight ? "That is right." : "Not so.") : null;
    return make("fieldset", {}, make("legend", {}, question.text), make("div", { class: "answers" }, ...answers), verdict, ...hints, more);
  }
  const answer_ = at => answer(at);

  function speechNodes() {
    const now = moment();
    const nodes = [];
    if (now.kind === "begin") {
      nodes.push(make("p", { class: "title" }, lesson.title));
      nodes.push(make("p", { class: "said" }, lesson.chapters.map(chapter => chapter.title).join(" · ")));
    } else if (now.kind === "chapter") {
      nodes.push(make("p", { class: "title" }, `${now.chapter + 1}. ${lesson.chapters[now.chapter].title}`));
    } else if (now.kind === "end") {
      nodes.push(lesson.failure
        ? make("p", { class: "said failed" }, "This lesson fails: " + lesson.failure)
        : make("p", { class: "said done" }, "The end. Everything that was claimed holds."));
    } else if (now.question >= 0) {
      nodes.push(questionNode(now.question, now.kind === "answers", now.kind === "question"));
    } else {
      if (now.narration) nodes.push(make("p", { class: "said" }, now.narration));
    }
    if (now.kind !== "begin" && now.kind !== "end" && now.kind !== "chapter") {
      put(happened, ...(now.lines ?? []).map(happenedLine));
      nodes.push(happened);
    }
    if (now.kind === "pause") nodes.push(make("p", { class: "prompt" }, (now.prompt || "…") + "  (space goes on)"));
    if (showsNotes && now.notes) nodes.push(make("div", { class: "notes" }, "For the speaker: " + now.notes));
    return nodes;
  }

  // A screen reader hears what is said and what happens; the picture's meaning stands in the tables.
  function announce() {
    const now = moment();
    const texts = now.kind === "say" ? [now.narration]
      : now.kind === "chapter" ? ["Chapter: " + lesson.chapters[now.chapter].title]
        : now.kind === "question" ? ["Question: " + lesson.questions[now.question].text]
          : now.kind === "answers" ? ["Answer: " + lesson.questions[now.question].answers.filter(a => a.right).map(a => a.text).join("; ")]
            : now.kind === "end" ? ["The end."] : (now.lines ?? []).map(line => line[1]);
    live.textContent = texts.join(". ");
  }

  // ---- The views.

  const panes = {};
  function pane(kind, heading) {
    if (!panes[kind]) {
      const body = make("div", {});
      const label = make("h2", {});
      panes[kind] = { node: make("section", { class: "pane " + kind }, label, body), label, body, key: null };
    }
    panes[kind].label.textContent = heading;
    panes[kind].node.setAttribute("aria-label", heading);
    return panes[kind];
  }

  const order = view => typeof view === "number" ? 2 : { timeline: 0, tasks: 1, files: 3, terminal: 4, log: 5 }[view];

  function showStage() {
    const now = moment();
    const views = (now.views.length ? now.views : ["timeline", "log"]).slice().sort((a, b) => order(a) - order(b));
    const nodes = views.map(view => {
      const shown = typeof view === "number" ? showSource(view) : { timeline: showTimeline, tasks: showTasks, files: showFiles, terminal: showTerminal, log: showLog }[view]();
      shown.node.classList.toggle("latest", now.views[0] === view);
      return shown.node;
    });
    // One that is left over takes the whole row.
    const small = nodes.filter(node => !node.classList.contains("timeline"));
    for (const node of nodes) node.classList.toggle("alone", small.length % 2 === 1 && node === small[small.length - 1]);
    if (nodes.length !== stage.children.length || nodes.some((node, at) => stage.children[at] !== node)) put(stage, ...nodes);
  }

  // Keeps the boundaries that matter most: turning points, then the longest gaps.
  function squeezed(count, room) {
    const columns = lesson.columns;
    const all = [...Array(count).keys()];
    if (count <= room) return all;
    const gaps = all.slice(1).map(at => ({ at, turn: columns.turns[at] === "1", gap: columns.at[at] - columns.at[at - 1] }));
    gaps.sort((a, b) => (b.turn - a.turn) || (b.gap - a.gap) || (a.at - b.at));
    const kept = gaps.slice(0, room - 1).map(gap => gap.at).sort((a, b) => a - b);
    return [...kept, count].map(at => at - 1);
  }

  const places = { u: "user", k: "kernel", z: "asleep", d: "asleep", t: "stopped", o: "user" };
  const stages = { w: "window", "-": "waiting", f: "finalising" };

  function showTimeline() {
    const shown = pane("timeline", "Timeline");
    const width = Math.max(300, Math.round(shown.body.clientWidth || page.clientWidth - 60));
    const key = `${index}/${width}/${lessons.indexOf(lesson)}`;
    if (shown.key === key) return shown;
    shown.key = key;
    const now = moment();
    if (now.columns === 0) { put(shown.body, make("p", { class: "empty" }, "No task yet.")); return shown; }
    const born = Math.min(now.tasks.length, lesson.tasks.length);
    const names = ["transition", ...lesson.tasks.slice(0, born)];
    const label = Math.min(130, 8 + 7.3 * Math.max(...names.map(name => name.length)));
    const cell = 14;
    const columns = squeezed(now.columns, Math.max(12, Math.floor((width - label - 24) / cell) - 1));
    const size = Math.min(34, (width - label - 24) / (columns.length + 1));
    const rowHeight = 22, top = 22;
    const height = top + names.length * rowHeight + 4;
    const svg = draw("svg", { class: "lanes", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": timelineWords(now) });
    const rows = [lesson.columns.stage, ...lesson.columns.lanes.slice(0, born)];
    // Whoever waits has waited until now.
    const waits = now.at > lesson.columns.at[now.columns - 1];
    if (waits) columns.push(now.columns - 1);
    // The beginning and now, then where most time has passed.
    const timeOf = at => waits && at === columns.length - 1 ? now.at : lesson.columns.at[columns[at]];
    const last = columns.length - 1;
    const gapOf = at => at === 0 || at === last ? Infinity : timeOf(at) - timeOf(at - 1);
    const taken = [];
    for (const at of columns.map((_, at) => at).sort((a, b) => (gapOf(b) > gapOf(a)) - (gapOf(b) < gapOf(a)) || a - b)) {
      const text = waits && at === last ? now.when : lesson.columns.when[columns[at]];
      const size7 = text.length * 7.3;
      const x = label + at * size;
      const from = Math.min(x, width - size7);
      if (taken.some(([left, right]) => from < right + 12 && from + size7 > left - 12)) continue;
      taken.push([from, from + size7]);
      svg.append(draw("text", { class: "axis", x: from, y: 12 }, text), draw("line", { class: "tick", x1: x, x2: x, y1: 16, y2: height - 2 }));
    }
    rows.forEach((glyphs, row) => {
      const y = top + row * rowHeight;
      const shortened = names[row].length > 16 ? names[row].slice(0, 15) + "…" : names[row];
      svg.append(draw("text", { class: "label", x: 0, y: y + 14 }, shortened));
      for (let at = 0; at < columns.length;) {
        const glyph = glyphs[columns[at]];
        let end = at + 1;
        while (end < columns.length && glyphs[columns[end]] === glyph) end += 1;
        const kind = row === 0 ? stages[glyph] : places[glyph.toLowerCase()]
          && `${glyph === glyph.toLowerCase() ? "old" : "new"} ${places[glyph.toLowerCase()]}`;
        const x = label + at * size;
        if (kind) {
          svg.append(draw("rect", { class: kind, x, y: y + 1, width: Math.max(1, (end - at) * size - 1), height: rowHeight - 4, rx: 3 }));
          if (row > 0 && (end - at) * size > 11) svg.append(draw("text", { x: x + 4, y: y + 14 }, glyph));
        }
        at = end;
      }
    });
    const x = label + columns.length * size;
    svg.append(draw("line", { class: "cursor", x1: x, x2: x, y1: top - 4, y2: height - 2 }));
    const legend = [["--old", "old universe"], ["--new", "new universe"], ["--window", "window open"], ["--waiting", "waiting"], ["--finalising", "finalising"]];
    const items = legend.map(([colour, text]) => {
      const swatch = make("i", { "aria-hidden": "true" });
      swatch.style.background = `var(${colour})`;
      return make("li", {}, swatch, text);
    });
    items.push(make("li", {}, "u user · k kernel · z asleep · d in state D · t stopped; capital: new"));
    if (lesson.further > 0) items.push(make("li", {}, `and ${lesson.further} more tasks`));
    put(shown.body, svg, make("ul", { class: "legend" }, ...items));
    return shown;
  }

  function timelineWords(now) {
    const stage = { w: "the window is open", "-": "the transition waits for tasks", f: "the transition finalises", ".": "no transition" };
    const tasks = now.tasks.slice(0, lesson.tasks.length).map((task, at) => `${lesson.tasks[at]}: ${task[2]}, ${task[1]} universe`);
    return `At ${now.when}: ${stage[lesson.columns.stage[now.columns - 1]]}. ${tasks.join("; ")}`;
  }

  function showTasks() {
    const shown = pane("tasks", "Tasks");
    const now = moment();
    const key = JSON.stringify([now.tasks, now.wanted]);
    if (shown.key === key) return shown;
    shown.key = key;
    const rows = now.tasks.slice(0, lesson.tasks.length).map((task, at) => [lesson.tasks[at], ...task])
      .filter(([name]) => now.wanted.length === 0 || now.wanted.includes(name));
    if (rows.length === 0) { put(shown.body, make("p", { class: "empty" }, "No task yet.")); return shown; }
    put(shown.body, make("div", { class: "scroll" }, make("table", {},
      make("thead", {}, make("tr", {}, ...["task", "universe", "where"].map(text => make("th", { scope: "col" }, text)))),
      make("tbody", {}, ...rows.map(([name, , universe, place]) => make("tr", {},
        make("th", { scope: "row", class: "mono" }, name), make("td", { class: "universe " + universe }, universe), make("td", {}, place)))))));
    return shown;
  }

  function showSource(number) {
    const source = number < 0 ? lesson.source : lesson.pages[number];
    const shown = pane("source", number < 0 ? "The lesson" : "Source: " + source.name);
    const key = `${lessons.indexOf(lesson)}/${number}`;
    if (shown.key !== key) {
      shown.key = key;
      const code = make("div", { class: "code mono" }, ...source.lines.map((line, at) =>
        make("div", { "data-line": source.first + at }, make("i", {}, String(source.first + at)), line)));
      put(shown.body, make("div", { class: "scroll", tabindex: 0 }, code));
    }
    const line = number < 0 ? moment().line : 0;
    const box = shown.body.firstChild;
    for (const old of box.querySelectorAll(".current")) old.classList.remove("current");
    const current = box.querySelector(`[data-line="${line}"]`);
    if (current) {
      current.classList.add("current");
      box.scrollTop = Math.max(0, current.offsetTop - box.clientHeight / 3);
    }
    return shown;
  }

  function showFiles() {
    const shown = pane("files", "Files");
    const now = moment();
    const before = index > 0 ? lesson.moments[index - 1].files : [];
    const nodes = now.files.map(([path, content]) => {
      const old = before.find(file => file[0] === path);
      return make("div", { class: old && old[1] !== content ? "file changed" : "file" }, make("h3", { class: "mono" }, path), make("pre", {}, content || "(empty)"));
    });
    put(shown.body, make("div", { class: "scroll" }, ...(nodes.length ? nodes : [make("p", { class: "empty" }, "Nothing is shown yet.")])));
    return shown;
  }

  function showTerminal() {
    const shown = pane("terminal", "Terminal");
    const text = moment().terminal.map(([, line]) => line).join("\n");
    if (shown.key === text) return shown;
    shown.key = text;
    const box = make("div", { class: "scroll", tabindex: 0 }, make("pre", { class: "log mono" }, text));
    put(shown.body, box);
    requestAnimationFrame(() => { box.scrollTop = 0; });
    return shown;
  }

  function showLog() {
    const shown = pane("log", "Kernel log");
    const lines = lesson.log.slice(0, moment().log);
    if (shown.key === lines.length) return shown;
    shown.key = lines.length;
    const box = make("div", { class: "scroll", tabindex: 0 }, lines.length ? make("pre", { class: "log mono" }, lines.join("\n")) : make("p", { class: "empty" }, "Empty."));
    put(shown.body, box);
    requestAnimationFrame(() => { box.scrollTop = box.scrollHeight; });
    return shown;
  }

  // ---- All of it.

  function show() {
    const now = moment();
    when.textContent = now.when;
    // The answers that are open keep their focus while nothing about them changes.
    const key = JSON.stringify([index, lesson.hints, lesson.choices, showsNotes, lessons.indexOf(lesson)]);
    if (speech.dataset.key !== key) { speech.dataset.key = key; put(speech, ...speechNodes()); }
    showStage();
    put(play, symbol(timer ? "❚❚" : "▶"), word(timer ? "stop" : isHeld() && index < lastIndex() ? "go on" : "play"));
    play.setAttribute("aria-label", timer ? "Stop" : "Play");
    play.title = (timer ? "Stop" : "Play") + " (space)";
    first.disabled = back.disabled = index === 0;
    forth.disabled = next.disabled = index === lastIndex();
    range.value = index;
    range.setAttribute("aria-valuetext", `step ${index + 1} of ${lastIndex() + 1}, at ${now.when}`);
    count.textContent = `${index + 1} / ${lastIndex() + 1}`;
    for (const button of chapterNav.children) {
      const isCurrent = Number(button.dataset.chapter) === now.chapter;
      if (isCurrent) button.setAttribute("aria-current", "true"); else button.removeAttribute("aria-current");
    }
    const place = `#${lessons.indexOf(lesson) + 1}.${index + 1}`;
    try {
      if (location.hash !== place) history.replaceState(null, "", place);
    } catch { /* Some browsers forbid it to files. */ }
  }

  window.addEventListener("resize", () => showStage());
  const [, number, place] = location.hash.match(/^#(\d+)\.(\d+)$/) ?? [];
  open(lessons[number - 1] ? number - 1 : 0, place ? place - 1 : 0);
})();
