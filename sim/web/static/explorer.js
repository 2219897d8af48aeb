// The page: what is set, what is asked for, and where answers go.  All words and numbers come from the server.

import { OutcomeMap, paintStrip } from "./map.js";
import { el, labelOf, legendOf, mapOf, onGrid } from "./parts.js";

const $ = (id) => document.getElementById(id);
const REST = 250, PAUSE = 120; // milliseconds without a move: at rest, and long enough for reasons and tracks
const MAP_FIRST = 40; // milliseconds that words wait for the map
const PATIENCE = 4000; // milliseconds for an answer
const COMPILING = "Still at work: what is used for the first time may have to be compiled, which takes a while.";
const OWN = ["scenario", "x", "y", "concept", "solver", "select", "token"];
const page = Array.from(crypto.getRandomValues(new Uint8Array(8)), (one) => one.toString(16).padStart(2, "0")).join("");

let token = "1", scenario = null, state = null, turn = 0, rested = 0, pointed = 0, asked = 0, stale = false, resting = 0, soon = 0, late = 0, waiting = null, mapKey = "", outlineKey = "", drawn = null;
const rows = new Map();

function notice(words) { $("notice").textContent = words; }

// ---- asking

async function ask(path, kind = "json") {
  const answer = await fetch(path, { headers: { "x-standoff": token }, cache: "no-store" });
  if (answer.status === 204) return null;
  if (!answer.ok) throw new Error(await answer.text());
  return kind === "json" ? answer.json() : kind === "blob" ? answer.blob() : answer.arrayBuffer();
}

// One request at a time; of those that wait only the newest is sent.
class Channel {
  constructor(use) { this.use = use; this.busy = false; this.next = null; }
  send(path, kind, own) {
    if (this.busy) { this.next = [path, kind, own]; return; }
    this.busy = true;
    const waiting = setTimeout(notice, PATIENCE, COMPILING);
    ask(path, kind).then((answer) => answer && this.use(answer, own), (error) => {
      notice(error instanceof TypeError ? "The server does not answer: is standoff explore still running?" : error.message);
    }).finally(() => {
      clearTimeout(waiting);
      if ($("notice").textContent === COMPILING) notice("");
      this.busy = false;
      const next = this.next;
      this.next = null;
      if (next) this.send(...next);
      goOn();
    });
  }
}

function query({ values = state.values, rest = false, axes = true } = {}) {
  const words = new URLSearchParams();
  if (axes)
    for (const axis of ["x", "y"]) if (state[axis]) words.append(axis, [state[axis].name, state[axis].low, state[axis].high].join(":"));
  for (const word of ["concept", "solver", "select"]) if (state[word]) words.append(word, state[word]);
  for (const one of scenario.parameters)
    if (values[one.name] !== one.default) words.append("set", `${one.name}:${values[one.name]}`);
  if (rest) words.append("rest", "1");
  words.append("turn", `${page}.${turn}`);
  return words;
}

const path = (kind, words, what = "") => `api/${kind}/${encodeURIComponent(scenario.name)}${what}?${words}`;
const file = (kind, words) => ask(path("picture", words, `/${kind}`), "blob");

function shown(buffer, own) {
  if (own.turn < turn && own.rest) return;
  const head = mapOf(new Uint8Array(buffer)), cells = head.codes.length;
  if (own.outline) {
    map.set({ outline: cells ? head : null });
    if (drawn) legend(drawn);
    return;
  }
  $("map").hidden = Boolean(head.none);
  $("later").textContent = head.none || head.later || "";
  $("map").classList.toggle("late", Boolean(head.later));
  if (!cells) { if (own.rest) again(own); return; }
  drawn = head;
  map.set({ map: head, borders: null });
  legend(head);
  foot(head);
  if (own.rest) again(own, head);
}

const maps = new Channel((buffer, own) => { askPoint(); shown(buffer, own); }), restMaps = new Channel(shown), outlines = new Channel(shown);
const borders = new Channel((answer, own) => {
  if (own.key !== mapKey || !drawn || !answer.lines.length) return;
  map.set({ borders: answer.lines });
  drawn.notes.push(answer.words);
  legend(drawn);
});
const points = new Channel(here);
const trackChannel = new Channel((answer, own) => {
  if (answer.later) {
    if (!own.rest) stale = true;
    if (stale && rested === turn) restTracks();
    return;
  }
  for (const [name, codes] of Object.entries(answer.tracks)) rows.get(name)?.paint(answer.regimes, codes);
});
const whyChannel = new Channel((answer, own) => { if (own.turn === turn) why(answer); });
const tipsChannel = new Channel((answer, own) => { if (own.turn === turn) tips(answer); });

function again(own, head) { // the rest of a map at rest
  if (own.turn !== turn) return;
  if (head && head.done) { settled(head); return; }
  restMaps.send(path("map", query({ rest: true })), "bytes", { turn, rest: true });
}

// The map is whole: its borders, where they are proved, and those of the map at the defaults.
function settled(head) {
  if (!head) return;
  if (!map.borders) borders.send(path("borders", query()), "json", { turn, key: mapKey });
  const { x, y, concept, solver, select } = state, key = JSON.stringify([x, y, concept, solver, select, scenario.name, elsewhere()]);
  if (key === outlineKey || head.milliseconds > 10000) return;
  outlineKey = key;
  const words = query({ values: defaults() });
  words.append("points", Math.min(101, head.shape[0]));
  if (elsewhere()) outlines.send(path("map", words), "bytes", { turn, outline: true });
  else map.set({ outline: null });
}

// Something changed: the map is asked for at once, then the point; reasons and tracks after a pause, all else when the
// hand rests, and not before map and point are there.
function changed() {
  turn++;
  $("tips").classList.add("old");
  notice("");
  const { x, y, concept, solver, select, values } = state;
  const still = Object.entries(values).filter(([name]) => name !== x?.name && name !== y?.name);
  const key = JSON.stringify([scenario.name, x, y, concept, solver, select, still]);
  clearTimeout(late);
  if (key !== mapKey) {
    mapKey = key;
    drawn = null;
    $("foot").classList.add("old");
    maps.send(path("map", query()), "bytes", { turn });
    late = setTimeout(askPoint, MAP_FIRST);
  } else askPoint();
  waiting = null;
  clearTimeout(soon);
  soon = setTimeout(onceDrawn, PAUSE, askReasons);
  clearTimeout(resting);
  resting = setTimeout(onceDrawn, REST, rest);
  showValues();
}

function onceDrawn(act) { waiting = act; goOn(); }

function goOn() {
  if (!waiting || maps.busy || points.busy) return;
  const act = waiting;
  waiting = null;
  act();
}

function askPoint() {
  clearTimeout(late);
  if (pointed === turn) return;
  pointed = turn;
  points.send(path("point", query({ axes: false })), "json", { turn });
}

function askReasons() {
  if (asked === turn) return;
  asked = turn;
  whyChannel.send(path("why", query({ axes: false })), "json", { turn });
  trackChannel.send(path("tracks", query({ axes: false })), "json", { turn });
}

function restTracks() {
  stale = false;
  trackChannel.send(path("tracks", query({ rest: true, axes: false })), "json", { turn, rest: true });
}

function rest() {
  askReasons();
  rested = turn;
  writeLink();
  const own = { turn, rest: true };
  tipsChannel.send(path("tips", query({ axes: false })), "json", { turn });
  if (state.x && !(drawn && drawn.whole)) restMaps.send(path("map", query({ rest: true })), "bytes", own);
  else settled(drawn);
  if (stale) restTracks();
  if (treeWanted) showTree();
}

// Whether the map is another than that of the defaults.
function elsewhere() {
  return scenario.parameters.some(({ name, default: usual }) => name !== state.x?.name && name !== state.y?.name && state.values[name] !== usual);
}

// ---- the map

const map = new OutcomeMap($("map"), (across, up) => {
  const set = (axis, share) => {
    if (axis && !Number.isNaN(share)) state.values[axis.name] = snapped(axis.name, number(axis.low) + share * (number(axis.high) - number(axis.low)));
  };
  set(state.x, across);
  set(state.y, up);
  changed();
});

function number(text) {
  const [top, bottom = 1] = String(text).split("/");
  return Number(top) / Number(bottom);
}

const parameter = (name) => scenario.parameters.find((one) => one.name === name);

function snapped(name, value) {
  return asDefault(parameter(name), String(onGrid(parameter(name), value)));
}

const label = (name) => labelOf(parameter(name));
const axes = () => [state.x, state.y].filter(Boolean);
const free = (but) => scenario.parameters.find((one) => one.low < one.high && one.name !== but);
const defaults = () => Object.fromEntries(scenario.parameters.map((one) => [one.name, one.default]));
const asDefault = (one, text) => (number(text) === number(one.default) ? one.default : text);
const conceptNow = () => scenario.concepts.find((one) => one.name === (state.concept || scenario.concept));

function showValues() {
  for (const row of rows.values()) row.show();
  map.set({
    point: axes().map((axis) => number(state.values[axis.name])),
    usual: axes().map((axis) => number(parameter(axis.name).default)),
    apart: elsewhere(),
  });
}

function legend(head) {
  const { items, words } = legendOf(head);
  if (elsewhere() && map.outline) items.push(el("li", { className: "soft", textContent: "dashed: borders of the map at the defaults" }));
  $("legend").replaceChildren(...items);
  $("map").setAttribute("aria-label", words);
}

function foot(head) {
  const [nx, ny] = head.shape, size = ny > 1 ? `${nx} \u00d7 ${ny}` : `${nx}`;
  $("foot").classList.remove("old");
  $("foot").textContent = head.stored ? `The stored dataset ${head.stored}: ${size} cells, each certified when it was made.`
    : head.whole ? `All ${size} cells solved and certified, ${head.milliseconds} ms of solving.`
      : head.solved < head.cells && !head.left ? `${head.solved} of ${size} cells solved and certified, near borders; between them neighbours agree. All of them when you rest.`
        : `${head.solved} of ${size} cells solved and certified${head.left ? `; ${head.left}` : ""}.`;
}

// ---- parameters

class Row {
  constructor(one) {
    this.one = one;
    this.canvas = el("canvas", { width: 244, height: 10, "aria-hidden": "true" });
    this.badge = el("span", { className: "badge" });
    const id = `box-${one.name}`, fixed = one.low === one.high;
    this.box = el("input", { type: "text", inputMode: "decimal", id, autocomplete: "off", disabled: fixed, maxLength: 32 });
    this.slider = el("input", { type: "range", min: one.low, max: one.high, step: one.step, disabled: fixed });
    this.slider.setAttribute("aria-label", `${one.meaning || one.name} (${one.name}), from ${one.low} to ${one.high}`);
    const set = (text) => { state.values[one.name] = text; changed(); };
    this.slider.addEventListener("input", () => set(snapped(one.name, this.slider.valueAsNumber)));
    this.box.addEventListener("change", () => {
      const text = this.box.value.trim().replace("\u2212", "-"), value = number(text);
      const fine = text !== "" && value >= one.low && value <= one.high;
      this.box.setAttribute("aria-invalid", String(!fine));
      if (fine) set(asDefault(one, text));
      else notice(`${one.name} is a number from ${one.low} to ${one.high}.`);
    });
    const words = el("label", { htmlFor: id, title: one.source }, one.meaning || one.name, this.badge, el("br"),
      el("code", { textContent: one.unit ? `${one.name}, ${one.unit}` : one.name }));
    this.root = el("div", { className: "parameter" }, el("div", { className: "words" }, words, this.box),
      ...(fixed ? [] : [el("div", { className: "track" }, this.canvas, this.slider)]));
  }
  show() {
    const text = state.values[this.one.name];
    const badge = this.one.name === state.x?.name ? "across" : this.one.name === state.y?.name ? "up" : "";
    if (this.box.value === text && this.badge.textContent === badge && this.root.classList.contains("moved") === (text !== this.one.default)) return;
    this.badge.textContent = badge;
    if (document.activeElement !== this.box || !this.box.matches("[aria-invalid=true]")) {
      this.box.value = text;
      this.box.setAttribute("aria-invalid", "false");
    }
    this.slider.value = number(text);
    this.slider.setAttribute("aria-valuetext", text);
    this.root.classList.toggle("moved", text !== this.one.default);
  }
  paint(regimes, codes) {
    this.regimes = regimes.map((one) => one.words);
    paintStrip(this.canvas, regimes, codes, (number(this.one.default) - this.one.low) / (this.one.high - this.one.low));
  }
}

// ---- the game here

let lastRegime = "", treeWanted = "", treeUrl = "";

function here(answer) {
  const at = axes().map((axis) => `${axis.name} ${answer.values[axis.name]}`.replace("-", "\u2212")).join(", ");
  const words = `${at}${at && ": "}${answer.here.words}`;
  if (words !== lastRegime) $("live").textContent = lastRegime = words;
  $("verdict").replaceChildren(...answer.verdict.map((line) => el("p", { className: "soft", textContent: line })));
  $("tables").replaceChildren(...answer.tables.map(table));
  const colours = Object.fromEntries((answer.colours || []).map((colour, at) => [at, colour]));
  $("equilibria").replaceChildren(
    ...answer.equilibria.map((one) => equilibrium(one, colours)),
    ...(answer.more ? [el("p", { className: "soft", textContent: `and ${answer.more} more` })] : []),
    ...(answer.beside.length ? [el("pre", { textContent: answer.beside.join("\n") })] : []),
  );
  if (whys && whys.turn === turn) why(whys); // which came before
  treeWanted = answer.tree;
  if (!answer.tree) $("tree").hidden = true;
}

function tinted(node, colour) {
  if (colour) node.style.setProperty("--tone", colour);
  return node;
}

function table(one) {
  const used = new Map();
  const body = one.rows.map((row) => el("tr", {}, el("th", { scope: "row", textContent: row.label }), ...row.cells.map((cell) => {
    const outcome = one.outcomes[cell.outcome];
    used.set(cell.outcome, outcome);
    const parts = cell.payoffs.flatMap((part, at) => [at ? ", " : "", part.best ? el("b", { textContent: part.text }) : part.text]);
    const says = `${one.players.map((player, at) => `${player} ${cell.payoffs[at]?.text}${cell.payoffs[at]?.best ? " (best reply)" : ""}`).join(", ")}; ${outcome.name}${cell.all ? "; pure equilibrium" : ""}`;
    return tinted(el("td", { className: cell.all ? "all" : "", title: says }, ...parts), outcome.colour);
  })));
  return el("div", { className: "scroll" }, el("table", { className: "payoffs" },
    el("caption", { className: "soft", textContent: one.title }),
    el("thead", {}, el("tr", {}, el("th", { scope: "col", textContent: one.corner }), ...one.columns.map((word) => el("th", { scope: "col" }, ...word.split(/(?<=_)/).flatMap((part) => [part, el("wbr")]))))),
    el("tbody", {}, ...body)),
  el("p", { className: "soft", textContent: `${one.players.join(", ")}; bold: best reply; framed: pure equilibrium; colour: outcome` }));
}

function equilibrium(one, colours) {
  const rows = one.rows.map(([name, text]) => el("tr", {}, el("th", { scope: "row", textContent: name }), el("td", { textContent: text.replaceAll("-", "\u2212") })));
  return tinted(el("div", { className: `equilibrium${one.chosen ? "" : " other"}` },
    el("h4", { textContent: one.chosen ? one.title : `${one.title} (not selected)` }),
    el("div", { className: "why" }),
    el("table", {}, el("tbody", {}, ...rows))), colours[one.outcome]);
}

let whys = null;

function why(answer) {
  whys = { ...answer, turn };
  const sentences = (list) => list.map((line) => el("p", { textContent: line }));
  document.querySelectorAll(".equilibrium .why").forEach((place, at) => {
    const list = sentences(answer.each[at] || []);
    const fold = list.length > 6 ? [el("details", {}, el("summary", { textContent: `${list.length - 5} more reasons` }), ...list.slice(5))] : list.slice(5);
    place.replaceChildren(...list.slice(0, 5), ...fold);
  });
  $("others").hidden = !answer.others.length;
  const [last] = answer.others.slice(-1);
  if (last) $("others").firstElementChild.textContent = last.title;
  $("others").lastElementChild.replaceChildren(...answer.others.flatMap((one) => [...(one === last ? [] : [el("p", { textContent: one.title })]), ...sentences(one.sentences)]));
}

function tips(answer) {
  $("tips").classList.remove("old");
  $("tips").replaceChildren(...answer.tips.map((one) => el("li", {}, el("span", { textContent: one.text }), el("button", {
    type: "button", textContent: "Go there", "aria-label": `Go there: ${one.parameter} ${one.go}`,
    onclick: () => { state.values[one.parameter] = asDefault(parameter(one.parameter), one.go); changed(); },
  }))));
  $("notes").replaceChildren(...answer.notes.map((line) => el("p", { className: "soft", textContent: line })));
}

async function showTree() {
  const own = turn;
  try {
    const blob = await file("tree.svg", query({ axes: false }));
    if (own !== turn || !blob) return;
    URL.revokeObjectURL(treeUrl);
    treeUrl = URL.createObjectURL(blob);
    $("tree").replaceChildren(el("img", { src: treeUrl, alt: treeWanted }));
    $("tree").hidden = false;
  } catch { $("tree").hidden = true; }
}

// ---- menus

function options(select, pairs, chosen) {
  select.replaceChildren(...pairs.map(([value, words]) => el("option", { value, textContent: words, selected: value === chosen })));
  if (chosen !== undefined) select.value = chosen;
}

function menus() {
  const concept = conceptNow() || scenario.concepts[0];
  options($("concept"), scenario.concepts.map((one) => [one.name, one.title]), concept.name);
  options($("solver"), [["", "the usual one"], ...concept.solvers.map((one) => [one.name, one.title])], state.solver || "");
  options($("select"), [["", "every equilibrium"], ...[...new Set([...concept.selections, ...(state.select ? [state.select] : [])])].map((name) => [name, name.replaceAll("_", " ")])], state.select || "");
  $("select-label").hidden = !concept.selections.length;
  $("solver-label").hidden = concept.solvers.length < 2;
  const moving = scenario.parameters.filter((one) => one.low < one.high);
  for (const axis of ["x", "y"]) options($(axis), moving.map((one) => [one.name, one.name]), state[axis]?.name);
  document.querySelector(".axes").hidden = moving.length < 2;
  $("spans").textContent = axes().map((axis) => `${axis.name} ${axis.low} .. ${axis.high}`).join(", ").replaceAll("-", "\u2212");
  const same = (one) => ["x", "y"].every((axis, at) => !one.axes[at] || JSON.stringify(one.axes[at]) === JSON.stringify(state[axis]))
    && one.concept === (state.concept || scenario.concept) && (one.select || "") === state.select;
  const sweep = scenario.sweeps.find((one) => one.name === state.question && same(one)) || scenario.sweeps.find((one) => one.axes.length === 2 && same(one)
    && Object.entries(one.set).every(([name, value]) => state.values[name] === value));
  state.question = sweep ? sweep.name : "";
  options($("question"), [["", "your own"], ...scenario.sweeps.map((one) => [one.name, one.title])], sweep ? sweep.name : "");
  $("question-label").hidden = !scenario.sweeps.length;
  $("title").textContent = sweep ? sweep.title : scenario.title;
  $("subtitle").textContent = sweep ? scenario.title : "";
  $("note").textContent = sweep ? sweep.note : "";
  document.title = `${scenario.title} \u2013 Standoff`;
  map.set({ words: { x: state.x ? label(state.x.name) : "", y: state.y ? label(state.y.name) : "" } });
}

function span(name) {
  const one = parameter(name);
  return { name, low: String(one.low), high: String(one.high) };
}

function usualState() {
  const sweep = scenario.sweeps.find((one) => one.axes.length === 2 && !Object.keys(one.set).length && one.concept === scenario.concept)
    || scenario.sweeps.find((one) => one.axes.length === 2);
  const moving = scenario.parameters.filter((one) => one.low < one.high).map((one) => one.name);
  const shown = sweep ? sweep.axes : moving.slice(0, 2).map(span);
  return { values: defaults(), x: shown[0] || null, y: shown[1] || null, concept: "", solver: "", select: "", question: "" };
}

function useSweep(sweep) {
  const usual = usualState();
  const other = free(sweep.axes[0].name);
  state = {
    ...usual, x: sweep.axes[0], y: sweep.axes[1] || (usual.y && usual.y.name !== sweep.axes[0].name ? usual.y : other ? span(other.name) : null),
    values: { ...usual.values, ...sweep.set }, concept: sweep.concept === scenario.concept ? "" : sweep.concept,
    solver: sweep.solver || "", select: sweep.select || "", question: sweep.name,
  };
}

function renewed() { menus(); changed(); }

// ---- the link

function writeLink() {
  const usual = usualState(), words = new URLSearchParams({ scenario: scenario.name });
  for (const axis of ["x", "y"])
    if (state[axis] && JSON.stringify(state[axis]) !== JSON.stringify(usual[axis])) words.set(axis, [state[axis].name, state[axis].low, state[axis].high].join(":"));
  for (const one of scenario.parameters)
    if (state.values[one.name] !== one.default) words.set(OWN.includes(one.name) ? `set.${one.name}` : one.name, state.values[one.name]);
  for (const word of ["concept", "solver", "select"]) if (state[word]) words.set(word, state[word]);
  if (token !== "1") words.set("token", token);
  history.replaceState(null, "", `#${words.toString().replaceAll("%3A", ":").replaceAll("%2F", "/")}`);
}

// What the link says; wrong names and numbers are dropped, and told.
function readLink(words) {
  state = usualState();
  const dropped = [];
  for (const [word, text] of words) {
    const one = parameter(word.replace(/^set\./, ""));
    if (word === "scenario" || word === "token") continue;
    if (word === "x" || word === "y") {
      const [name, low, high] = text.split(":"), of = parameter(name);
      if (of && of.low < of.high && (low === undefined || (number(low) >= of.low && number(high) <= of.high && number(low) < number(high))))
        state[word] = low === undefined ? span(name) : { name, low, high };
      else dropped.push(`${word} = ${text}`);
    } else if (word === "concept" && scenario.concepts.some((each) => each.name === text)) state.concept = text === scenario.concept ? "" : text;
    else if (word === "solver" || word === "select") state[word] = text;
    else if (one && number(text) >= one.low && number(text) <= one.high && text.length <= 32) state.values[one.name] = asDefault(one, text);
    else dropped.push(`${word} = ${text}`);
  }
  const concept = conceptNow();
  const refined = (text) => !text || concept.selections.includes(text.split(", ").pop());
  if (state.solver && !concept.solvers.some((each) => each.name === state.solver)) { dropped.push(`solver = ${state.solver}`); state.solver = ""; }
  if (!refined(state.select)) { dropped.push(`select = ${state.select}`); state.select = ""; }
  if (state.x && state.x.name === state.y?.name) {
    dropped.push(`y = ${state.y.name}`);
    const other = free(state.x.name);
    state.y = other ? span(other.name) : null;
  }
  return dropped;
}

async function open(name, words) {
  notice(`Reading ${name}\u2026 what is used for the first time may have to be compiled, which takes a while.`);
  const found = await ask(`api/scenario/${encodeURIComponent(name)}`);
  scenario = found;
  rows.clear();
  for (const one of scenario.parameters) rows.set(one.name, new Row(one));
  $("parameters").replaceChildren(el("h2", { textContent: "Parameters" }), ...[...rows.values()].map((row) => row.root));
  $("scenario").value = scenario.name;
  $("about").lastElementChild.textContent = scenario.about.trim();
  $("about").hidden = !scenario.about;
  for (const place of ["tips", "notes", "tables", "equilibria", "verdict", "legend"]) $(place).replaceChildren();
  map.set({ map: null, outline: null });
  mapKey = outlineKey = lastRegime = "";
  const dropped = readLink(words);
  renewed();
  notice(dropped.length ? `Left out, for it does not fit: ${dropped.join("; ")}.` : "");
}

// ---- hands

function swap() {
  if (state.x && state.y) { [state.x, state.y] = [state.y, state.x]; state.question = ""; renewed(); }
}

function back() { const { question } = state; state = usualState(); const sweep = scenario.sweeps.find((one) => one.name === question); if (sweep) useSweep(sweep); renewed(); }

async function copy() {
  writeLink();
  try { await navigator.clipboard.writeText(location.href); notice("The link is copied: it opens this view."); } catch { notice(`The link: ${location.href}`); }
}

for (const axis of ["x", "y"])
  $(axis).addEventListener("change", (event) => {
    const other = axis === "x" ? "y" : "x", name = event.target.value;
    if (state[other]?.name === name) state[other] = state[axis];
    state[axis] = span(name);
    state.question = "";
    renewed();
  });
for (const word of ["concept", "solver", "select"])
  $(word).addEventListener("change", (event) => {
    state[word] = word === "concept" && event.target.value === scenario.concept ? "" : event.target.value;
    if (word === "concept") state.solver = state.select = "";
    renewed();
  });
$("question").addEventListener("change", (event) => {
  const sweep = scenario.sweeps.find((one) => one.name === event.target.value);
  if (sweep) useSweep(sweep); else state.question = "";
  renewed();
});
$("scenario").addEventListener("change", (event) => open(event.target.value, []).catch((error) => notice(error.message)));
$("swap").addEventListener("click", swap);
$("defaults").addEventListener("click", back);
$("copy").addEventListener("click", copy);
$("help").addEventListener("click", () => $("keys").showModal());
$("skip").addEventListener("click", (event) => { event.preventDefault(); $("map").focus(); });
for (const button of document.querySelectorAll("#save button"))
  button.addEventListener("click", async () => {
    const { kind } = button.dataset;
    $("save").open = false;
    notice(`Making ${kind.toUpperCase()}\u2026`);
    try {
      const blob = await file(kind, query());
      const link = el("a", { href: URL.createObjectURL(blob), download: `${scenario.name}.${kind}` });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
      notice("");
    } catch (error) { notice(error.message); }
  });
$("map").addEventListener("keydown", (event) => {
  const way = { ArrowLeft: ["x", -1], ArrowRight: ["x", 1], ArrowDown: ["y", -1], ArrowUp: ["y", 1] }[event.key];
  if (event.key === "Escape") $("map").blur();
  if (!way || !state[way[0]]) return;
  event.preventDefault();
  event.stopPropagation();
  const axis = state[way[0]], one = parameter(axis.name), to = number(state.values[axis.name]) + way[1] * one.step * (event.shiftKey ? 10 : 1);
  state.values[axis.name] = snapped(axis.name, Math.min(number(axis.high), Math.max(number(axis.low), to)));
  changed();
});
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !state || event.target.matches("input[type=text], select, dialog *")) return;
  const act = { x: swap, 0: back, s: copy, "?": () => $("keys").showModal() }[event.key];
  if (act) { event.preventDefault(); act(); }
});
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => map.show());

function fragment() { return new URLSearchParams(location.hash.slice(1)); }

async function begin() {
  const words = fragment();
  token = words.get("token") || "1";
  try {
    const { scenarios, first } = await ask("api/scenarios");
    options($("scenario"), scenarios.map((one) => [one.name, one.title]));
    const known = scenarios.some((one) => one.name === words.get("scenario"));
    const name = known ? words.get("scenario") : first;
    await open(name, [...words.entries()]);
    if (words.get("scenario") && !known) notice(`There is no scenario ${words.get("scenario")} here; this is ${name}.`);
  } catch (error) { notice(error.message); }
}

window.addEventListener("hashchange", () => {
  const words = fragment();
  open(words.get("scenario") || scenario.name, [...words.entries()]).catch((error) => notice(error.message));
});
begin();
