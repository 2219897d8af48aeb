// What the page and the widget in a notebook share: elements, maps as they are told, the legend, the grid of a slider.

import { paintStrip } from "./map.js";

export function el(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

// The head of a map, with a byte for each cell: its regime; and where there are dots another one: whether they are on it.
export function mapOf({ buffer, byteOffset, byteLength }) {
  const length = new DataView(buffer, byteOffset).getUint32(0, true), start = byteOffset + 4 + length;
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, byteOffset + 4, length)));
  const cells = (byteLength - 4 - length) / (head.dots ? 2 : 1);
  return { ...head, codes: new Uint8Array(buffer, start, cells), dots: head.dots ? new Uint8Array(buffer, start + cells, cells) : null };
}

// Items of the legend, and in words what they say.
export function legendOf(head) {
  const regimes = head.regimes.filter((one) => one.part > 0).sort((a, b) => b.part - a.part);
  const shown = regimes.slice(0, 14), notes = [...head.notes];
  if (regimes.length > shown.length) notes.unshift(`and ${regimes.length - shown.length} smaller regions`);
  const items = shown.map((one) => {
    const swatch = el("canvas", { width: 60, height: 36, "aria-hidden": "true" });
    paintStrip(swatch, [one], [0]);
    return el("li", {}, swatch, el("span", { textContent: one.words }), el("b", { textContent: one.share }));
  });
  items.push(...notes.map((note) => el("li", { className: "soft", textContent: note })));
  const words = `Map of outcomes over ${head.axes.map((axis) => axis.name).join(" and ")}: ${
    shown.map((one) => `${one.words} ${one.share}`).join("; ")}. Arrows move the point.`;
  return { items, words };
}

export function onGrid({ low, high, step, decimals }, value) {
  return Number(Math.min(high, Math.max(low, Math.round(value / step) * step)).toFixed(decimals + 1));
}

export function labelOf({ name, meaning, unit }) {
  return `${meaning.split(";")[0] || name}${unit ? ` (${unit})` : ""} \u00b7 ${name}`;
}
