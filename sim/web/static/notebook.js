// The explorer in a notebook: hands go out as messages, and what the kernel answers goes into map, sliders and words.

import { OutcomeMap, paintStrip } from "./map.js";
import { el, labelOf, legendOf, mapOf, onGrid } from "./parts.js";

const LIVE = ["point", "why", "tracks"], REST = 250; // milliseconds without a move
const WAYS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowDown: [1, -1], ArrowUp: [1, 1] };
const value = (text) => { const [top, bottom = 1] = text.split("/"); return top / bottom; };
const lines = (list, className = "") => list.map((textContent) => el("p", { textContent, className }));

function render({ model, el: root }) {
  const me = String(Math.random()), rows = new Map(), canvas = el("canvas", { tabIndex: 0, role: "application" });
  const live = el("p", { "aria-live": "polite" }), notice = el("p", { role: "status", textContent: "Asking the kernel\u2026" });
  const [sliders, frame, legend, here, tips, others] = ["div", "div", "ul", "div", "ul", "div"].map((tag) => el(tag));
  let about, axes = [], values = {}, drawn = null, busy = false, next = null, resting = 0;

  // One message at a time; of those that wait only the newest is sent.
  const send = (asked) => {
    if (busy) next = { ...next, ...asked, wants: [...new Set([...(next?.wants || []), ...asked.wants])] };
    else {
      busy = true;
      model.send({ ...asked, by: me });
    }
  };
  const settle = () => {
    clearTimeout(resting);
    resting = setTimeout(() => send({ values: { ...values }, rest: true, wants: drawn?.whole ? ["tips"] : ["map", "tips"] }), REST);
  };
  const changed = (moved) => {
    const elsewhere = Object.keys(moved).some((name) => !axes.some((one) => one.name === name));
    values = { ...values, ...moved };
    if (elsewhere) drawn = null;
    send({ values, rest: false, wants: elsewhere ? ["map", ...LIVE] : LIVE });
    show();
    settle();
  };
  const put = (at, to) => { const one = { ...axes[at], ...map.map.axes[at] }; return { [one.name]: String(onGrid(one, to(one))) }; };

  frame.append(canvas);
  const map = new OutcomeMap(canvas, (...shares) => changed(Object.assign({}, ...axes.map((_, at) => put(at, (one) => one.low + shares[at] * (one.high - one.low))))));
  canvas.addEventListener("keydown", (event) => {
    const [at, way] = WAYS[event.key] || [];
    if (!axes[at] || !map.map) return;
    event.preventDefault();
    changed(put(at, (one) => value(values[one.name]) + way * one.step * (event.shiftKey ? 10 : 1)));
  });

  function build() {
    axes = about.axes.map((name) => about.parameters.find((one) => one.name === name));
    map.set({ words: { x: axes[0] && labelOf(axes[0]), y: axes[1] && labelOf(axes[1]) } });
    sliders.replaceChildren(...about.parameters.map((one) => {
      const said = el("b"), track = el("canvas", { width: 244, height: 8, "aria-hidden": "true" });
      const slider = el("input", { type: "range", min: one.low, max: one.high, step: one.step, disabled: one.low === one.high });
      slider.addEventListener("input", () => changed({ [one.name]: String(onGrid(one, slider.valueAsNumber)) }));
      rows.set(one.name, { said, slider, track });
      return el("label", { title: one.source }, labelOf(one), " ", said, track, slider);
    }));
  }

  function show() {
    for (const [name, row] of rows) {
      row.said.textContent = values[name].replace("-", "\u2212");
      row.slider.value = value(values[name]);
    }
    map.set({
      point: axes.map((one) => value(values[one.name])), usual: axes.map((one) => value(one.default)),
      apart: about.parameters.some((one) => !axes.includes(one) && values[one.name] !== one.default),
    });
  }

  function heard(told, buffers) {
    const own = told.by === me, [bytes] = buffers;
    if (own) busy = false;
    if (told.scenario) { about = told.scenario; build(); }
    if (!about) return;
    notice.textContent = told.wrong || "";
    if (!own || !next) { values = told.values; show(); }
    if (told.point) {
      const { point, why } = told;
      live.textContent = point.here.words;
      here.replaceChildren(...lines(point.verdict, "soft"), ...point.equilibria.flatMap((one, at) => [
        el("h4", { textContent: one.title }), ...lines(one.rows.map((row) => row.join(" "))), ...lines(why.each[at] || []),
      ]));
      others.replaceChildren(...why.others.flatMap((one) => [el("h4", { textContent: one.title }), ...lines(one.sentences)]));
      for (const [name, codes] of Object.entries(told.tracks.tracks)) paintStrip(rows.get(name).track, told.tracks.regimes, codes);
    }
    if (told.tips) tips.replaceChildren(...told.tips.tips.map((one) => el("li", {}, el("span", { textContent: one.text }),
      el("button", { type: "button", textContent: "Go there", onclick: () => changed({ [one.parameter]: one.go }) }))), ...lines(told.tips.notes, "soft"));
    if (bytes) {
      const head = mapOf(bytes);
      if (head.none || head.later) notice.textContent = head.none || head.later;
      canvas.hidden = Boolean(head.none);
      if (head.codes.length) {
        drawn = head;
        map.set({ map: head });
        const { items, words } = legendOf(head);
        legend.replaceChildren(...items);
        canvas.setAttribute("aria-label", words);
      }
      if (own && told.rest && !next && !head.done && !head.none) next = { rest: true, wants: ["map"] };
    }
    if (own ? told.scenario : !told.rest) settle();
    if (own && next) { const asked = next; next = null; send(asked); }
  }

  root.classList.add("standoff-explorer");
  root.dataset.lmSuppressShortcuts = "true"; // else JupyterLab takes the arrows
  root.addEventListener("keydown", (event) => event.stopPropagation());
  root.append(sliders, el("div", {}, notice, frame, legend), el("div", {}, live, here, el("h4", { textContent: "What would have to change" }), tips, others));
  model.on("msg:custom", heard);
  send({ wants: ["scenario", "map", ...LIVE] });
  return () => { clearTimeout(resting); model.off("msg:custom", heard); };
}

export default { render };
