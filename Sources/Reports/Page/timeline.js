// MARK: A timeline
const ROW = 17, BAR = 12, AXIS = 20, PHASE = 12, BAND = 84;
const places = {
  u: ["user", 3], k: ["kernel", 12], z: ["asleep in the kernel", 12], d: ["asleep, deaf to signals", 12],
  t: ["stopped", 12], o: ["somewhere", 3],
};
const stages = { w: ["window open", "--window"], "-": ["waiting for tasks", "--waiting"], f: ["finalising", "--finalising"] };
const isNew = (glyph) => glyph !== glyph.toLowerCase();
function inWords(glyph) {
  if (glyph === " ") return "not there";
  return places[glyph.toLowerCase()][0] + (isNew(glyph) ? ", new universe" : ", old universe");
}
function fillOf(glyph) {
  const universe = isNew(glyph) ? "new" : "old";
  const place = glyph.toLowerCase();
  if (place === "o") return "var(--rest)";
  if (place === "z" || place === "d") return `url(#${universe}-${place})`;
  return `var(--${universe})`;
}
function piece(glyph, x, y, width) {
  const height = places[glyph.toLowerCase()][1];
  const isStopped = glyph.toLowerCase() === "t";
  const inset = isStopped ? 1 : 0;
  return draw("rect", {
    x: (x + inset).toFixed(2), y: y + (BAR - height) / 2 + inset,
    width: Math.max(0.5, width - 2 * inset).toFixed(2), height: height - 2 * inset,
    style: isStopped ? `fill:none;stroke:${fillOf(glyph)};stroke-width:1.5` : `fill:${fillOf(glyph)}`,
  });
}
// The patterns are the document's: every drawing refers to them.
function patterns() {
  const svg = draw("svg", { width: 0, height: 0, style: "position:absolute", "aria-hidden": "true" });
  for (const universe of ["old", "new"]) {
    for (const place of ["z", "d"]) {
      const pattern = draw("pattern", { id: `${universe}-${place}`, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" });
      pattern.append(draw("rect", { width: 6, height: 6, style: `fill:var(--${universe});opacity:.28` }));
      pattern.append(draw("rect", { width: 2.2, height: 6, style: `fill:var(--${universe})` }));
      if (place === "d") pattern.append(draw("rect", { width: 6, height: 2.2, style: `fill:var(--${universe})` }));
      svg.append(pattern);
    }
  }
  return svg;
}
function at(changes, moment) {
  let low = 0, high = changes.length / 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (changes[2 * middle] <= moment) low = middle + 1; else high = middle;
  }
  return low === 0 ? " " : changes[2 * low - 1];
}
class Timeline {
  constructor(item, data, sourceView) {
    this.item = item; this.data = data; this.sourceView = sourceView;
    this.toScale = false; this.moment = 0; this.line = -1;
    this.view = this.crossing();
    const moments = data.moments;
    this.lineMoments = data.story.map((line) => {
      let low = 0, high = moments.length;
      while (low < high) { const middle = (low + high) >> 1; if (moments[middle] <= line[0]) low = middle + 1; else high = middle; }
      return Math.max(0, low - 1);
    });
    this.box = make("div", { class: "timeline", tabindex: 0, role: "application", "aria-roledescription": "timeline",
      "aria-label": "Migration timeline of " + item.id + ". Left and right arrow move by a moment, Home and End to the ends, plus and minus show less and more.",
      onkeydown: (event) => this.key(event), onpointermove: (event) => this.point(event), onpointerdown: (event) => this.point(event) });
    this.readout = make("div", { class: "readout", "aria-live": "polite" });
    this.story = make("div", { class: "story", tabindex: 0, "aria-label": "What happened, in order" });
    this.tell();
    this.scaleButton = make("button", { "aria-pressed": "false", onclick: () => this.rescale() }, "true to scale");
    const controls = make("div", { class: "controls" },
      make("button", { onclick: () => this.go(this.moment - 1), "aria-label": "one moment back" }, "◀"),
      make("button", { onclick: () => this.go(this.moment + 1), "aria-label": "one moment on" }, "▶"),
      make("button", { onclick: () => this.zoom(0.5), "aria-label": "show fewer moments" }, "+"),
      make("button", { onclick: () => this.zoom(2), "aria-label": "show more moments" }, "−"),
      isBad(item) ? make("button", { onclick: () => this.go(moments.length - 1) }, "the end") : null,
      this.allButton = make("button", { onclick: () => this.look([0, moments.length]) }, "all"),
      data.keeps_time ? this.scaleButton : null,
      make("span", { class: "spacer" }),
      make("span", { class: "dim" }, this.size()));
    this.drawing = make("div", {}, controls, this.box, this.legend(), this.readout);
    new ResizeObserver(() => this.paint()).observe(this.box);
  }
  // What there is to see of a long run: from a little before the first change to a little after the last.
  crossing() {
    const { data } = this, count = data.moments.length;
    const turns = [];
    for (let index = 2; index < data.stage.changes.length; index += 2) turns.push(data.stage.changes[index]);
    for (const lane of data.lanes) {
      for (let index = 2; index < lane.changes.length; index += 2) {
        if (isNew(lane.changes[index + 1]) !== isNew(lane.changes[index - 1]) && lane.changes[index - 1] !== " ") turns.push(lane.changes[index]);
      }
    }
    if (count < 300 || !turns.length) return [0, count];
    const first = Math.min(...turns), last = Math.max(...turns), margin = Math.ceil((last - first) / 8) + 8;
    return [Math.max(0, first - margin), Math.min(count, last + margin)];
  }
  look(view) {
    const count = this.data.moments.length;
    const length = Math.min(count, Math.max(4, Math.round(view[1] - view[0])));
    const from = Math.min(count - length, Math.max(0, Math.round(view[0])));
    this.view = [from, from + length];
    this.paint();
  }
  // Around the moment that is read.
  zoom(factor) {
    const [from, to] = this.view, middle = Math.min(to, Math.max(from, this.moment + 0.5));
    this.look([middle - (middle - from) * factor, middle + (to - middle) * factor]);
  }
  settle() { this.paint(); this.go(this.view[1] - 1); }
  size() {
    const { data } = this;
    let text = `${data.tasks.toLocaleString("en")} ${data.tasks === 1 ? "task" : "tasks"}, ${data.moments.length.toLocaleString("en")} moments`;
    if (data.joined > 1) text += `, ${data.joined} joined to one`;
    return text;
  }
  rescale() {
    this.toScale = !this.toScale;
    this.scaleButton.setAttribute("aria-pressed", String(this.toScale));
    this.paint();
  }
  // Where a moment begins, between 0 and 1 in what is shown.
  place(moment) {
    const [from, to] = this.view;
    if (moment <= from) return 0;
    if (moment >= to) return 1;
    if (!this.toScale) return (moment - from) / (to - from);
    const moments = this.data.moments, first = moments[from], length = (moments[to - 1] - first) || 1;
    return 0.985 * (moments[moment] - first) / length;
  }
  paint() {
    const width = this.box.clientWidth;
    if (width === 0) return;
    const { data } = this;
    this.allButton.disabled = this.view[1] - this.view[0] === data.moments.length;
    const longest = Math.max(11, ...data.lanes.map((lane) => lane.name.length));
    this.left = Math.min(longest * 7.3 + 16, width * 0.34);
    this.right = 12;
    const x = (moment) => this.left + this.place(moment) * (width - this.left - this.right);
    this.x = x;
    let y = AXIS + 6;
    const rows = [];
    const labels = Math.floor((this.left - 14) / 7.3);
    const label = (text, middle) => draw("text", { class: "label", x: 8, y: middle + 4 }, text.length > labels ? text.slice(0, labels - 1) + "…" : text);
    rows.push(label("transition", y + PHASE / 2));
    this.spans(data.stage.changes, (stage, from, to) => {
      if (!stages[stage]) return;
      const left = x(from), size = Math.max(1, x(to) - left);
      const rect = draw("rect", { x: left.toFixed(2), y, width: size.toFixed(2), height: PHASE, style: `fill:var(${stages[stage][1]})` });
      rect.append(draw("title", {}, stages[stage][0]));
      rows.push(rect);
    });
    y += PHASE + 8;
    if (data.band) { y = this.paintBand(rows, label, x, y); }
    for (const lane of data.lanes) {
      rows.push(label(lane.name, y + BAR / 2));
      this.spans(lane.changes, (glyph, from, to) => { if (glyph !== " ") rows.push(piece(glyph, x(from), y, x(to) - x(from))); });
      y += ROW;
    }
    if (data.tasks > data.lanes.length) {
      rows.push(draw("text", { x: 8, y: y + 11 }, `… and ${(data.tasks - data.lanes.length).toLocaleString("en")} more tasks, in the band above`));
      y += ROW;
    }
    const height = y + 4;
    const svg = draw("svg", { viewBox: `0 0 ${width} ${height}`, height, "aria-hidden": "true" });
    this.axis(svg, x, width, height);
    svg.append(...rows);
    this.cursor = draw("rect", { y: AXIS, height: height - AXIS, style: "fill:none;stroke:var(--ink);stroke-opacity:.75;pointer-events:none" });
    svg.append(this.cursor);
    this.box.replaceChildren(svg);
    this.mark();
  }
  spans(changes, visit) {
    const [first, last] = this.view;
    for (let index = 0; index < changes.length; index += 2) {
      const from = Math.max(first, changes[index]);
      const to = Math.min(last, index + 2 < changes.length ? changes[index + 2] : this.data.moments.length);
      if (from < to) visit(changes[index + 1], from, to);
    }
  }
  // How many tasks are where, one over the other: the new universe grows from below.
  paintBand(rows, label, x, top) {
    const { data } = this, [first, last] = this.view, columns = data.band.slice(first, last), order = ["K", "Z", "D", "T", "U", "o", "u", "t", "d", "z", "k"], letters = [..."uUkKzZdDtTo"];
    const total = Math.max(1, ...data.band.map((counts) => counts.reduce((sum, count) => sum + count, 0)));
    rows.push(label("all tasks", top + BAND / 2));
    let floor = columns.map(() => 0);
    for (const letter of order) {
      const counts = columns.map((column) => column[letters.indexOf(letter)]);
      if (!counts.some((count) => count > 0)) continue;
      let path = "";
      const roof = floor.map((low, moment) => low + counts[moment]);
      const height = (value) => (top + BAND - value / total * BAND).toFixed(2);
      for (let moment = 0; moment < roof.length; moment++) {
        path += `${moment ? "L" : "M"}${x(first + moment).toFixed(2)} ${height(roof[moment])}H${x(first + moment + 1).toFixed(2)}`;
      }
      for (let moment = roof.length - 1; moment >= 0; moment--) {
        path += `L${x(first + moment + 1).toFixed(2)} ${height(floor[moment])}H${x(first + moment).toFixed(2)}`;
      }
      const isThin = letter.toLowerCase() === "u";
      const shape = draw("path", { d: path + "Z", style: `fill:${fillOf(letter)};opacity:${isThin ? 0.45 : 1}` });
      shape.append(draw("title", {}, inWords(letter)));
      rows.push(shape);
      floor = roof;
    }
    return top + BAND + 10;
  }
  axis(svg, x, width, height) {
    const { data } = this;
    let free = -Infinity;
    const [from, to] = this.view;
    let labelled = data.moments[from];
    for (let moment = from; moment < to; moment++) {
      const value = data.moments[moment], place = x(moment);
      const text = data.keeps_time ? momentText(value, (value - labelled) / 4) : "#" + value;
      if (place < free || place + text.length * 7.3 > width) continue;
      free = place + text.length * 7.3 + 18;
      labelled = value;
      svg.append(draw("line", { x1: place, x2: place, y1: AXIS - 4, y2: height, style: "stroke:var(--line)" }));
      svg.append(draw("text", { x: place + 3, y: 13 }, text));
    }
  }
  legend() {
    const seen = new Set();
    for (const lane of this.data.lanes) for (let index = 1; index < lane.changes.length; index += 2) seen.add(lane.changes[index]);
    if (this.data.band) for (const column of this.data.band) column.forEach((count, index) => { if (count) seen.add("uUkKzZdDtTo"[index]); });
    const entries = [..."ukzdtoUKZDT"].filter((glyph) => seen.has(glyph)).map((glyph) => {
      const svg = draw("svg", { viewBox: "0 0 22 12" });
      svg.append(piece(glyph, 0, 0, 22));
      return make("span", {}, svg, inWords(glyph));
    });
    const phases = new Set(this.data.stage.changes);
    for (const [stage, [words, colour]] of Object.entries(stages)) {
      if (!phases.has(stage)) continue;
      const svg = draw("svg", { viewBox: "0 0 22 12" });
      svg.append(draw("rect", { width: 22, height: 12, style: `fill:var(${colour})` }));
      entries.push(make("span", {}, svg, "transition: " + words));
    }
    return make("div", { class: "legend" }, entries);
  }
  tell() {
    const { data } = this;
    const untold = (count) => make("div", {}, make("span", {}), make("span", {}), make("span", { class: "dim" }, `… ${count.toLocaleString("en")} more lines …`));
    if (data.dropped) this.story.append(make("div", {}, make("span", {}), make("span", {}), make("span", { class: "dim" }, `… ${data.dropped.toLocaleString("en")} ordinary events of a long run are not told`)));
    this.lines = data.story.map((line, number) => {
      if (line[5]) this.story.append(untold(line[5]));
      const element = make("div", { onclick: () => this.go(this.lineMoments[number], number) },
        make("span", { class: "mono" }, line[1]), make("span", {}, line[2]), make("span", { class: line[4] }, line[3]));
      this.story.append(element);
      return element;
    });
  }
  key(event) {
    if (event.key === "+" || event.key === "-") { this.zoom(event.key === "+" ? 0.5 : 2); return; }
    const steps = { ArrowLeft: -1, ArrowRight: 1, PageUp: -20, PageDown: 20 };
    let target = null;
    if (event.key in steps) target = this.moment + steps[event.key];
    else if (event.key === "Home") target = 0;
    else if (event.key === "End") target = this.data.moments.length - 1;
    if (target === null) return;
    event.preventDefault();
    this.go(target);
  }
  point(event) {
    const place = event.clientX - this.box.getBoundingClientRect().left;
    let [low, high] = this.view;
    while (low < high) { const middle = (low + high) >> 1; if (this.x(middle) <= place) low = middle + 1; else high = middle; }
    this.go(Math.max(this.view[0], low - 1));
  }
  go(moment, line) {
    this.moment = Math.min(this.data.moments.length - 1, Math.max(0, moment));
    let last = line === undefined ? -1 : line;
    if (line === undefined) this.lineMoments.forEach((where, number) => { if (where <= this.moment) last = number; });
    this.line = last;
    const [from, to] = this.view;
    if (this.moment < from || this.moment >= to) this.look([this.moment - (to - from) / 2, this.moment + (to - from) / 2]);
    this.mark();
    this.read();
  }
  // The last moment that is not later than a step; without a clock moments are steps.
  goToStep(step) {
    let moment = 0;
    this.data.moments.forEach((value, number) => { if (value <= step) moment = number; });
    this.go(moment);
  }
  mark() {
    if (!this.cursor || !this.x) return;
    const left = this.x(this.moment);
    this.cursor.setAttribute("x", left.toFixed(2));
    this.cursor.setAttribute("width", Math.max(2, this.x(this.moment + 1) - left).toFixed(2));
  }
  read() {
    const { data, moment } = this;
    const when = data.keeps_time ? momentText(data.moments[moment], 1000) : "step " + data.moments[moment];
    const stage = at(data.stage.changes, moment);
    const here = data.story.filter((line, number) => this.lineMoments[number] === moment).map((line) => line[3]);
    const lanes = data.lanes.slice(0, 12).map((lane) => [lane.name, at(lane.changes, moment)]).filter((pair) => pair[1] !== " ");
    this.readout.replaceChildren(
      make("p", {}, make("strong", {}, when), stages[stage] ? " · " + stages[stage][0] : "",
        " · in_progress ", at(data.in_progress.changes, moment), here.length ? " · " + here.slice(0, 3).join("; ") + (here.length > 3 ? `; and ${here.length - 3} more` : "") : ""),
      make("p", { class: "dim" }, lanes.map(([name, glyph]) => `${name}: ${inWords(glyph)}`).join(" · ") + (data.lanes.length > 12 ? " · …" : "")));
    for (const element of this.story.querySelectorAll(".current")) element.classList.remove("current");
    let from = null;
    this.lineMoments.forEach((where, number) => {
      if (where !== moment && number !== this.line) return;
      this.lines[number].classList.add("current");
      if (from === null) from = this.lines[number];
    });
    const shown = this.lines[this.line];
    if (shown) this.story.scrollTop = shown.offsetTop - this.story.offsetTop - this.story.clientHeight / 2;
    let statement = 0;
    for (let number = 0; number <= this.line; number++) if (data.story[number][6]) statement = data.story[number][6];
    if (this.sourceView) this.sourceView.show(statement);
  }
}
