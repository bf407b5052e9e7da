"use strict";
// Every word of a scenario goes through here, as text: nothing of it can become markup.
function make(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  for (const child of children.flat()) {
    if (child !== null && child !== undefined) element.append(child);
  }
  return element;
}
function draw(name, attributes, text) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes || {})) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

// The data stand in blocks; a timeline's is parsed when somebody looks at it.
const cases = [], sources = new Map();
let head = {}, summary = {};
for (const block of document.querySelectorAll("script[data-kind]")) {
  const kind = block.dataset.kind;
  if (kind === "timeline") { cases[cases.length - 1].timelineBlock = block; continue; }
  if (kind === "passing") { cases[cases.length - 1].passingBlock = block; continue; }
  const value = JSON.parse(block.textContent);
  if (kind === "case") cases.push(value);
  else if (kind === "source") sources.set(value.path, value.text);
  else if (kind === "head") head = value;
  else summary = value;
  block.remove();
}
const verdicts = {
  failed: ["FAIL", "bad", "failed"], broken: ["ERROR", "bad", "could not go on"],
  differs: ["DIFF", "bad", "unlike their snapshots"], rejected: ["ERROR", "bad", "source errors"], passed_unexpectedly: ["XPASS", "bad", "passed, expected to fail"],
  inconclusive: ["OPEN", "odd", "without an answer"], skipped: ["SKIP", "odd", "skipped"],
  failed_as_expected: ["XFAIL", "good", "failed as expected"], passed: ["PASS", "good", "passed"],
};
const isBad = (item) => verdicts[item.verdict][1] === "bad" || item.verdict === "inconclusive";

// MARK: Durations
// As the terminal writes them: four digits, the greatest unit; minutes and hours have sixty parts.
function duration(nanoseconds) {
  if (nanoseconds === 0) return "0s";
  let step = 1;
  while (nanoseconds / step >= 1e4) step *= 10;
  const value = Math.floor(nanoseconds / step) * step;
  const [size, unit] = [[3.6e12, "h"], [6e10, "min"], [1e9, "s"], [1e6, "ms"], [1e3, "us"], [1, "ns"]]
    .find(([size]) => value >= size && (size <= 1e9 || value % (size / 10) === 0));
  return +(value / size).toFixed(9) + unit;
}
// As many digits as moments that far apart need.
function momentText(nanoseconds, distance) {
  for (const [size, unit] of [[1e9, "s"], [1e6, "ms"], [1e3, "us"]]) {
    if (nanoseconds < size) continue;
    const digits = Math.min(Math.log10(size), Math.max(0, Math.ceil(Math.log10(size / Math.max(1, distance)))));
    return +(nanoseconds / size).toFixed(digits) + unit;
  }
  return nanoseconds === 0 ? "0s" : nanoseconds + "ns";
}
function figuresOf(item) {
  const mode = item.mode;
  if (mode.kind === "every_schedule") return `every ${mode.timed ? "timed " : ""}schedule, ${mode.states.toLocaleString("en")} states` + (mode.complete ? "" : ", not all");
  if (mode.kind === "none") return "";
  return `${duration(item.nanoseconds)}, ${item.steps.toLocaleString("en")} steps` + (mode.kind === "replay" ? ", replayed" : mode.seed ? `, seed ${mode.seed}` : "");
}
