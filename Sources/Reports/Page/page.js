// MARK: A source
class SourceView {
  constructor(text, item) {
    const failing = new Set(item.problems.filter((problem) => problem.path === item.path).map((problem) => problem.line));
    this.lines = text.replace(/\r?\n$/, "").split(/\r?\n/).map((line, index) =>
      make("div", { class: failing.has(index + 1) ? "failing" : null }, make("i", {}, String(index + 1)), line || " "));
    this.element = make("div", { class: "source mono", tabindex: 0, "aria-label": "Source of " + item.path }, this.lines);
    this.first = failing.size ? Math.min(...failing) : item.line;
  }
  settle() { this.scroll(this.first); }
  scroll(line) {
    const element = this.lines[line - 1];
    if (element) this.element.scrollTop = element.offsetTop - this.element.offsetTop - this.element.clientHeight / 3;
  }
  show(line) {
    for (const element of this.element.querySelectorAll(".now")) element.classList.remove("now");
    if (!line || !this.lines[line - 1]) return;
    this.lines[line - 1].classList.add("now");
    const element = this.lines[line - 1], top = element.offsetTop - this.element.offsetTop;
    if (top < this.element.scrollTop || top > this.element.scrollTop + this.element.clientHeight - 24) this.scroll(line);
  }
}

// MARK: A case
function replay(command) {
  const button = make("button", { onclick: () => {
    navigator.clipboard.writeText(command).then(() => { button.textContent = "copied"; }, () => { button.textContent = "select it"; });
  } }, "copy");
  return make("div", { class: "replay" }, make("code", { tabindex: 0 }, command), button);
}
// A diagnostic's text: the source as it is laid out, and notes that wrap as a paragraph does.
function excerpt(text) {
  const blocks = [];
  for (const line of text.split("\n").slice(1)) {
    const last = blocks[blocks.length - 1], isNote = /^\s*= /.test(line);
    const isMore = last && last.isNote && /^\s{3,}[^\s|]/.test(line) && !isNote;
    if (isNote || !last || (last.isNote && !isMore)) blocks.push({ isNote, lines: [line.replace(isNote ? /^\s*/ : /$^/, "")] });
    else last.lines.push(isMore ? line.trim() : line);
  }
  return blocks.map(({ isNote, lines }) => isNote ? make("p", { class: "note mono" }, lines.join(" "))
    : make("pre", { tabindex: 0 }, lines.join("\n")));
}
function fill(box, item) {
  if (box.dataset.isFilled) return;
  box.dataset.isFilled = "yes";
  if (item.reason) box.append(make("p", { class: "dim" }, item.reason));
  if (item.properties.length) {
    box.append(make("h2", {}, "Properties"), make("div", { class: "scroll" }, make("table", {}, item.properties.map((property) =>
      make("tr", {}, make("td", { class: property.satisfied ? "good" : "bad" }, property.answer),
        make("td", {}, make("code", {}, property.text)), make("td", { class: "dim" }, property.complete ? "" : "so far"))))));
  }
  if (item.outcomes) {
    box.append(make("h2", {}, item.outcomes.length === 1 ? "1 outcome" : `${item.outcomes.length.toLocaleString("en")} distinct outcomes` + (item.mode.complete ? "" : " so far")),
      make("div", { class: "scroll" }, make("table", {}, make("tr", {}, make("th", {}, "worlds"), make("th", {}, "reported"), make("th", {}, "")),
        item.outcomes.map((outcome) => make("tr", {}, make("td", { class: "number" }, outcome.worlds === undefined ? "very many" : outcome.worlds.toLocaleString("en")),
          make("td", {}, outcome.figures.map((figure) => `${figure.name} = ${figure.text}`).join(", ") || "nothing"),
          make("td", { class: "dim" }, outcome.remarks.join("; ")))))));
  }
  if (item.figures.length) {
    box.append(make("h2", {}, "Figures"), make("div", { class: "scroll" }, make("table", {}, item.figures.map((figure) =>
      make("tr", {}, make("td", { class: "dim" }, figure.name), make("td", {}, figure.text))))));
  }
  for (const warning of item.warnings || []) {
    box.append(make("div", { class: "problem" },
      make("div", { class: "message" }, make("span", { class: "odd mono" }, warning.code + " "), warning.message),
      make("pre", { tabindex: 0 }, warning.excerpt.split("\n").slice(1).join("\n"))));
  }
  item.problems.forEach((problem, number) => {
    const next = item.problems[number + 1];
    box.append(make("div", { class: "problem" },
      make("div", { class: "message" }, make("span", { class: "bad mono" }, problem.code + " "), problem.message),
      excerpt(problem.excerpt),
      problem.replay && (!next || next.replay !== problem.replay) ? replay(problem.replay) : null));
  });
  if (item.differences.length) box.append(make("h2", {}, "Unlike its snapshot"), make("ul", { class: "mono" }, item.differences.map((words) => make("li", {}, words))));
  box.append(make("p", { class: "dim link" }, make("a", { href: anchor(item) }, "link to this scenario")));
  const text = sources.get(item.path);
  const view = text === undefined ? null : new SourceView(text, item);
  if (item.timelineBlock) {
    const data = JSON.parse(item.timelineBlock.textContent);
    const timeline = new Timeline(item, data, view);
    if (item.passingBlock) { sideBySide(box, item, timeline, new Timeline(item, JSON.parse(item.passingBlock.textContent), null), view); return; }
    box.append(make("h2", {}, "Migration"), timeline.drawing, make("div", { class: "pair" },
      data.story.length ? make("section", {}, make("h2", {}, "What happened"), timeline.story) : null,
      view ? make("section", {}, make("h2", {}, item.path), view.element) : null));
    if (view) view.settle();
    timeline.settle();
    return;
  }
  if (item.account && !item.problems.length && !item.differences.length) {
    box.append(make("h2", {}, "What happened"), make("pre", { class: "account", tabindex: 0 }, item.account));
  }
  if (view) { box.append(make("h2", {}, item.path), view.element); view.settle(); }
}
// One schedule that fails and one that passes, moment beside moment, and where they part.
function sideBySide(box, item, failing, passing, view) {
  const both = [failing, passing], part = () => both.forEach((timeline) => timeline.goToStep(item.parting.step));
  box.append(make("h2", {}, "Where it parts from one that passes"),
    make("p", {}, item.parting.text, " ", make("button", { onclick: part }, "show it")),
    replay(item.parting.replay),
    make("div", { class: "sides" },
      make("section", { class: "fails" }, make("h2", { class: "bad" }, "fails"), failing.drawing, failing.story),
      make("section", { class: "passes" }, make("h2", { class: "good" }, "passes"), passing.drawing, passing.story)),
    view ? make("section", {}, make("h2", {}, item.path), view.element) : "");
  if (view) view.settle();
  both.forEach((timeline) => timeline.settle());
  part();
}
// A name of its own, which stays when others come and go.
const anchor = (item) => "#" + encodeURIComponent(item.id);
function card(item) {
  const [word, tone] = verdicts[item.verdict];
  const box = make("div", { class: "inside" });
  const details = make("details", { class: "case", id: item.id, ontoggle: () => { if (details.open) fill(box, item); } },
    make("summary", {},
      make("span", { class: "verdict " + tone }, word),
      make("span", { class: "name" }, item.name + item.row, item.tags.map((tag) => make("span", { class: "tag" }, tag))),
      make("span", { class: "figures" }, figuresOf(item)),
      make("span", { class: "place mono" }, `${item.path}:${item.line}`, isBad(item) && item.problems.length ? " · " + item.problems[item.problems.length - 1].message : "")),
    box);
  return details;
}

// MARK: The page
const PORTION = 200;
const filter = { verdicts: new Set(), text: "", count: PORTION };
const list = make("div", {}), more = make("p", {}), live = make("p", { class: "dim", "aria-live": "polite" });
const opened = new Map();
function matches(item) {
  if (filter.verdicts.size && !filter.verdicts.has(item.verdict)) return false;
  return filter.text.toLowerCase().split(/\s+/).every((word) => `${item.id} ${item.tags.join(" ")}`.toLowerCase().includes(word));
}
function refresh() {
  const found = cases.filter(matches);
  const shown = found.slice(0, filter.count);
  list.replaceChildren(...shown.map((item) => {
    if (!opened.has(item)) opened.set(item, card(item));
    return opened.get(item);
  }));
  live.textContent = found.length === cases.length ? "" : `${found.length.toLocaleString("en")} of ${cases.length.toLocaleString("en")} scenarios`;
  more.replaceChildren();
  if (found.length > shown.length) more.append(make("button", { onclick: () => { filter.count += PORTION; refresh(); } }, `show ${Math.min(PORTION, found.length - shown.length)} more of ${(found.length - shown.length).toLocaleString("en")}`));
  if (!cases.length) list.append(make("p", { class: "dim" }, "No scenario ran."));
  else if (!found.length) list.append(make("p", { class: "dim" }, "No scenario is like that."));
}
// Shows a scenario wherever it stands, whatever is filtered.
function reveal(item) {
  if (!matches(item)) { filter.verdicts.clear(); filter.text = ""; for (const reset of resets) reset(); }
  const place = cases.filter(matches).indexOf(item);
  if (place >= filter.count) filter.count = Math.ceil((place + 1) / PORTION) * PORTION;
  refresh();
  const element = opened.get(item);
  element.open = true;
  element.scrollIntoView({ block: "start" });
}
function named() {
  let id = location.hash.slice(1);
  try { id = decodeURIComponent(id); } catch { return undefined; }
  return id ? cases.find((item) => item.id === id) : undefined;
}
const resets = [];
// What did not pass, before everything else.
function badList() {
  const bad = cases.filter(isBad);
  if (!bad.length || cases.length === 1) return null;
  const items = bad.slice(0, 50).map((item) => make("li", {},
    make("a", { href: anchor(item), onclick: (event) => { event.preventDefault(); history.replaceState(null, "", anchor(item)); reveal(item); } }, item.name.startsWith("(") ? item.id : item.name + item.row),
    make("span", { class: "dim" }, " " + (item.problems.length ? item.problems[item.problems.length - 1].message : item.reason || item.verdict))));
  return make("details", { class: "failures", open: bad.length <= 12 ? "" : null },
    make("summary", {}, `${bad.length.toLocaleString("en")} did not pass`),
    make("ol", {}, items), bad.length > 50 ? make("p", { class: "dim" }, `… and ${(bad.length - 50).toLocaleString("en")} more`) : null);
}
function begin() {
  const counts = new Map();
  for (const item of cases) counts.set(item.verdict, (counts.get(item.verdict) || 0) + 1);
  const known = Object.keys(verdicts).filter((verdict) => counts.has(verdict));
  const isGood = !cases.some(isBad) && !summary.ending && cases.length > 0;
  const bar = make("div", { class: "bar", role: "img", "aria-label": summary.text },
    known.map((verdict) => make("span", { style: `flex:${counts.get(verdict)};background:var(--${verdicts[verdict][1]})` })));
  const chips = known.map((verdict) => {
    const chip = make("button", { "aria-pressed": "false", onclick: () => {
      if (!filter.verdicts.delete(verdict)) filter.verdicts.add(verdict);
      chip.setAttribute("aria-pressed", String(filter.verdicts.has(verdict)));
      filter.count = PORTION;
      refresh();
    } }, make("span", { class: verdicts[verdict][1] }, String(counts.get(verdict).toLocaleString("en"))), " " + verdicts[verdict][2]);
    resets.push(() => chip.setAttribute("aria-pressed", "false"));
    return chip;
  });
  const search = make("input", { type: "search", placeholder: "name, path or tag", "aria-label": "Only scenarios whose name, path or tag has these words",
    oninput: () => { filter.text = search.value; filter.count = PORTION; refresh(); } });
  resets.push(() => { search.value = ""; });
  document.title = (isGood ? "✓ " : "✗ ") + (summary.text || "Graft report");
  document.getElementById("page").append(patterns(),
    make("header", {}, make("h1", { class: isGood ? "good" : "bad" }, summary.text || "Graft report"),
      summary.left_out.length ? make("details", { class: "failures" }, make("summary", { class: "odd" }, "not reached"), make("ul", {}, summary.left_out.map((line) => make("li", { class: "mono" }, line)))) : null,
      head.shard ? make("p", { class: "dim" }, "part " + head.shard + " of the batch") : null, bar, badList()),
    make("div", { class: "filters" }, search, chips), live, list, more,
    make("footer", {}, "graft " + head.graft + ". Orange is the old universe, blue the new one."));
  refresh();
  const wanted = named();
  if (wanted) reveal(wanted);
  else {
    const first = opened.get(cases.find(isBad)) || (cases.length === 1 ? opened.get(cases[0]) : null);
    if (first) first.open = true;
  }
  window.addEventListener("hashchange", () => { const item = named(); if (item) reveal(item); });
  window.addEventListener("beforeprint", () => { for (const [item, element] of opened) if (isBad(item)) element.open = true; });
}
begin();
