// A map of outcomes on a canvas.  It knows cells, colours and words as they are told, and nothing of games.

const INK = "#1a1a1a", PAPER = "#ffffff";
const LEFT = 62, BOTTOM = 50, TOP = 8, RIGHT = 12; // margins in pixels of the page
const DOT = 16, DOT_RADIUS = 2;
const SMALLEST_NAMED = 0.012; // share of the map
const COARSE = 100; // cells along a side among which names look for room

const squares = new Map();

function number(colour) { // as the bytes of a picture are: red first
  const rgb = parseInt(colour.slice(1), 16);
  return (0xff000000 | ((rgb & 0xff) << 16) | (rgb & 0xff00) | (rgb >> 16)) >>> 0;
}

// The square of a regime as pixels, row by row from the bottom.
export function squareOf(regime) {
  const key = JSON.stringify(regime.square);
  let found = squares.get(key);
  if (found) return found;
  const { size, colours, cells } = regime.square;
  const numbers = colours.map(number), pixels = new Uint32Array(size * size);
  const diagonal = cells.length < size * size;
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++)
      pixels[row * size + column] = numbers[diagonal ? cells[(row + column) % size] : cells[row * size + column]];
  found = { size, pixels };
  squares.set(key, found);
  return found;
}

// Lines of pixels of a square, laid side by side: as many as it has rows.
function linesOf(look, width, dpr) {
  const { size, pixels } = look;
  if (size > 1 && look.width === width && look.dpr === dpr) return look;
  const line = (row) => Uint32Array.from({ length: width }, (_, at) => pixels[row * size + (Math.floor(at / dpr) % size)]);
  const lined = size > 1 ? Array.from({ length: size }, (_, row) => line(row)) : [pixels];
  return Object.assign(look, { width, dpr, lined });
}

// Paint a strip or a swatch: which regime each column shows.
export function paintStrip(canvas, regimes, codes, mark) {
  const width = canvas.width, height = canvas.height, context = canvas.getContext("2d");
  const image = context.createImageData(width, height), pixels = new Uint32Array(image.data.buffer);
  const looks = regimes.map(squareOf);
  for (let column = 0; column < width; column++) {
    const look = looks[codes[Math.round((column / Math.max(width - 1, 1)) * (codes.length - 1))]];
    for (let row = 0; row < height; row++)
      pixels[(height - 1 - row) * width + column] = look.pixels[(row % look.size) * look.size + (column % look.size)];
  }
  context.putImageData(image, 0, 0);
  if (mark !== undefined) {
    context.fillStyle = PAPER;
    context.fillRect(mark * width - 2, 0, 5, height);
    context.fillStyle = INK;
    context.fillRect(mark * width - 1, 0, 2, height);
  }
}

export class OutcomeMap {
  // `onPoint(x, y)` is told where a hand puts the point; y is NaN on a map of one axis.
  constructor(canvas, onPoint) {
    this.canvas = canvas;
    this.over = document.createElement("canvas"); // what moves with the point
    this.over.setAttribute("aria-hidden", "true");
    Object.assign(this.over.style, { position: "absolute", left: 0, top: 0, pointerEvents: "none" });
    canvas.parentElement.style.position = "relative";
    canvas.after(this.over);
    this.map = this.outline = this.borders = this.point = this.usual = this.image = null;
    this.room = 0;
    this.words = { x: "", y: "" };
    this.apart = false;
    const move = (event) => {
      if (!this.map) return;
      const box = canvas.getBoundingClientRect();
      const across = (event.clientX - box.left - LEFT) / this.width;
      const up = 1 - (event.clientY - box.top - TOP) / this.height;
      const clip = (share) => Math.min(1, Math.max(0, share));
      onPoint(clip(across), this.map.axes.length > 1 ? clip(up) : NaN);
    };
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      move(event);
    });
    canvas.addEventListener("pointermove", (event) => { if (canvas.hasPointerCapture(event.pointerId)) move(event); });
    new ResizeObserver(() => { this.room = canvas.parentElement.clientWidth; this.show(); }).observe(canvas.parentElement);
  }

  set(parts) {
    Object.assign(this, parts);
    this.show(!["map", "outline", "borders", "words"].some((one) => one in parts));
  }

  // Draw, at the size that the page has for it; the map is kept where only the point moves.
  show(kept = false) {
    const dpr = window.devicePixelRatio || 1, room = this.room ||= this.canvas.parentElement.clientWidth;
    if (!room || !this.map || !this.map.codes.length) return;
    const flat = this.map.axes.length < 2;
    this.width = Math.round(room - LEFT - RIGHT);
    this.height = flat ? 90 : Math.round(Math.min(this.width, Math.max(260, window.innerHeight - 260)));
    const size = [Math.round((this.width + LEFT + RIGHT) * dpr), Math.round((this.height + TOP + BOTTOM) * dpr)];
    const same = this.canvas.width === size[0] && this.canvas.height === size[1];
    if (!same)
      for (const one of [this.canvas, this.over]) {
        [one.width, one.height] = size;
        Object.assign(one.style, { width: "100%", aspectRatio: `${size[0]} / ${size[1]}` });
      }
    if (!kept || !same) {
      this.dpr = dpr;
      this.paint();
    }
    const context = this.over.getContext("2d");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, ...size);
    context.setTransform(dpr, 0, 0, dpr, 0, 0);
    this.marks(context);
  }

  place(point) {
    const [x, y] = this.map.axes;
    return [
      LEFT + ((point[0] - x.low) / (x.high - x.low)) * this.width,
      y ? TOP + (1 - (point[1] - y.low) / (y.high - y.low)) * this.height : TOP + this.height / 2,
    ];
  }

  inside(point) {
    return point && this.map.axes.every((axis, at) => point[at] >= axis.low && point[at] <= axis.high);
  }

  marks(context) {
    if (this.inside(this.usual)) {
      const [x, y] = this.place(this.usual);
      context.beginPath();
      context.moveTo(x, y - 7); context.lineTo(x + 7, y); context.lineTo(x, y + 7); context.lineTo(x - 7, y);
      context.closePath();
      context.lineWidth = 2;
      context.fillStyle = this.apart ? PAPER : INK;
      context.strokeStyle = this.apart ? INK : PAPER;
      context.fill();
      context.stroke();
    }
    if (!this.inside(this.point)) return;
    const [x, y] = this.place(this.point);
    for (const [colour, width] of [[PAPER, 3], [INK, 1]]) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.beginPath();
      context.moveTo(x, TOP); context.lineTo(x, y - 9); context.moveTo(x, y + 9); context.lineTo(x, TOP + this.height);
      context.moveTo(LEFT, y); context.lineTo(x - 9, y); context.moveTo(x + 9, y); context.lineTo(LEFT + this.width, y);
      context.globalAlpha = 0.75;
      context.stroke();
      context.globalAlpha = 1;
    }
    for (const [colour, width] of [[PAPER, 5], [INK, 2.5]]) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.beginPath();
      context.arc(x, y, 9, 0, 2 * Math.PI);
      context.stroke();
    }
  }

  // Which pixels show which cell, the nearest, as in every picture of the house: [first, cell, end] of each that shows.
  cellsOf(pixels, cells) {
    const found = [];
    for (let at = 0, last = [0, -1]; at < pixels; at++) {
      const cell = Math.round(((at + 0.5) / pixels) * (cells - 1));
      if (cell === last[1]) last[2] = at + 1;
      else found.push((last = [at, cell, at + 1]));
    }
    return found;
  }

  paint() {
    const { dpr } = this, context = this.canvas.getContext("2d");
    const [nx, ny] = this.map.shape, { codes, dots, regimes } = this.map;
    const width = Math.round(this.width * dpr), height = Math.round(this.height * dpr);
    if (this.image?.width !== width || this.image.height !== height) this.image = context.createImageData(width, height);
    const pixels = new Uint32Array(this.image.data.buffer);
    const columns = this.cellsOf(width, nx), rows = this.cellsOf(height, ny);
    const lines = regimes.map((one) => linesOf(squareOf(one), width, dpr)), ink = number(INK);
    rows.forEach(([first, j, last], place) => {
      const below = place ? rows[place - 1][1] : j, runs = [];
      for (const [column, i, end] of columns) {
        const code = codes[i * ny + j], run = runs[runs.length - 1];
        if (run?.[1] === code) run[2] = end;
        else runs.push([column, code, end]);
      }
      for (let row = first; row < last; row++) {
        const start = (height - 1 - row) * width, r = Math.floor(row / dpr);
        for (const [column, code, end] of runs) {
          const { size, lined } = lines[code];
          if (size === 1) pixels.fill(lined[0][0], start + column, start + end);
          else pixels.set(lined[r % size].subarray(column, end), start + column);
        }
        if (dots) this.dot(pixels, start, r, columns, j);
        if (!this.borders) for (let run = 1; run < runs.length; run++) pixels[start + runs[run][0]] = ink;
      }
      const start = (height - 1 - first) * width;
      if (!this.borders)
        for (const [column, i, end] of columns)
          if (codes[i * ny + below] !== codes[i * ny + j]) pixels.fill(ink, start + column, start + end);
    });
    if (this.outline) this.dash(pixels, width, height);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    context.putImageData(this.image, LEFT * dpr, TOP * dpr);
    context.setTransform(dpr, 0, 0, dpr, 0, 0);
    if (this.borders) this.lines(context);
    this.names(context);
    this.axes(context);
  }

  // Borders as they are told: lines of points in ten-thousandths of the axes.
  lines(context) {
    context.save();
    context.beginPath();
    context.rect(LEFT, TOP, this.width, this.height);
    context.clip();
    context.beginPath();
    for (const line of this.borders)
      for (let at = 0; at < line.length; at += 2)
        context[at ? "lineTo" : "moveTo"](LEFT + (line[at] / 1e4) * this.width, TOP + (1 - line[at + 1] / 1e4) * this.height);
    context.strokeStyle = INK;
    context.lineWidth = 1.6;
    context.stroke();
    context.restore();
  }

  // Dots in one line of pixels, on the cells that have them.
  dot(pixels, start, r, columns, j) {
    const ny = this.map.shape[1], { codes, dots, regimes } = this.map;
    const shift = Math.floor(r / DOT) % 2 ? DOT / 2 : 0, up = (r % DOT) - (DOT - 1) / 2;
    for (const [column, i, end] of columns) {
      const regime = regimes[codes[i * ny + j]];
      if (!dots[i * ny + j] || !regime.plain) continue;
      for (let one = column; one < end; one++) {
        const along = ((Math.floor(one / this.dpr) + shift) % DOT) - (DOT - 1) / 2;
        if (up * up + along * along <= DOT_RADIUS * DOT_RADIUS) pixels[start + one] = number(regime.dot);
      }
    }
  }

  // The borders of another map, dashed.
  dash(pixels, width, height) {
    const [nx, ny] = this.outline.shape, { codes } = this.outline;
    const columns = this.cellsOf(width, nx), rows = this.cellsOf(height, ny);
    const thick = Math.max(1, Math.round(this.dpr)), period = Math.round(10 * this.dpr);
    const white = number(PAPER), dark = number(INK);
    const mark = (column, row) => {
      if ((row + column) % period >= period * 0.6) return;
      for (let a = -thick - 1; a <= thick + 1; a++)
        for (let b = -thick - 1; b <= thick + 1; b++) {
          const y = height - 1 - row + a, x = column + b;
          if (y < 0 || x < 0 || y >= height || x >= width) continue;
          if (Math.max(Math.abs(a), Math.abs(b)) <= thick) pixels[y * width + x] = white;
          else if (pixels[y * width + x] !== white) pixels[y * width + x] = dark;
        }
    };
    rows.forEach(([row, j, last], up) =>
      columns.forEach(([column, i, end], across) => {
        const code = codes[i * ny + j];
        if (across && codes[columns[across - 1][1] * ny + j] !== code)
          for (let at = row; at < last; at++) mark(column, at);
        if (up && codes[i * ny + rows[up - 1][1]] !== code)
          for (let at = column; at < end; at++) mark(at, row);
      }));
  }

  // The words of each large region, at the place farthest from its border; none where they do not fit.
  names(context) {
    const [nx, ny] = this.map.shape, { codes, regimes } = this.map;
    if (ny < 2) return;
    const w = Math.min(nx, COARSE), h = Math.min(ny, COARSE), of = new Int32Array(w * h), part = new Int32Array(w * h);
    for (let i = 0; i < w; i++)
      for (let j = 0; j < h; j++)
        of[i * h + j] = codes[Math.round((i / (w - 1)) * (nx - 1)) * ny + Math.round((j / (h - 1)) * (ny - 1))];
    const avoid = [this.usual].filter((point) => this.inside(point)).map((point) => this.place(point));
    let parts = 0;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    for (let start = 0; start < of.length; start++) {
      if (part[start]) continue;
      const cells = [start], code = of[start];
      part[start] = ++parts;
      for (let at = 0; at < cells.length; at++) {
        const cell = cells[at], i = Math.floor(cell / h), j = cell % h;
        for (const [a, b] of [[i - 1, j], [i + 1, j], [i, j - 1], [i, j + 1]]) {
          if (a < 0 || b < 0 || a >= w || b >= h) continue;
          const next = a * h + b;
          if (!part[next] && of[next] === code) { part[next] = parts; cells.push(next); }
        }
      }
      if (cells.length < SMALLEST_NAMED * of.length || !regimes[code].short) continue;
      this.name(context, regimes[code], part, parts, w, h, avoid);
    }
  }

  name(context, regime, part, own, w, h, avoid) {
    const sums = new Int32Array((w + 1) * (h + 1)), cw = this.width / w, ch = this.height / h;
    const blocked = (i, j) => avoid.some(([x, y]) =>
      Math.hypot(LEFT + (i + 0.5) * cw - x, TOP + this.height - (j + 0.5) * ch - y) < 14);
    for (let i = 0; i < w; i++)
      for (let j = 0; j < h; j++)
        sums[(i + 1) * (h + 1) + j + 1] = sums[i * (h + 1) + j + 1] + sums[(i + 1) * (h + 1) + j] - sums[i * (h + 1) + j]
          + (part[i * h + j] === own && !blocked(i, j) ? 1 : 0);
    const whole = (i, j, a, b) => sums[(i + a) * (h + 1) + j + b] - sums[i * (h + 1) + j + b]
      - sums[(i + a) * (h + 1) + j] + sums[i * (h + 1) + j] === a * b;
    for (const [size, lines] of layouts(regime.short)) {
      context.font = `${size}px system-ui, "DejaVu Sans", sans-serif`;
      const wide = Math.max(...lines.map((line) => context.measureText(line).width)) + 14, high = lines.length * size * 1.25 + 8;
      const a = Math.ceil(wide / cw), b = Math.ceil(high / ch);
      if (a > w || b > h) continue;
      const best = roomiest(whole, w, h, a, b);
      if (!best) continue;
      const x = LEFT + best[0] * cw, y = TOP + this.height - best[1] * ch;
      if (!regime.plain) {
        context.globalAlpha = 0.82;
        context.fillStyle = PAPER;
        context.fillRect(x - wide / 2 + 3, y - high / 2 + 2, wide - 6, high - 4);
        context.globalAlpha = 1;
      }
      context.strokeStyle = PAPER;
      context.lineWidth = 3.5;
      context.fillStyle = INK;
      lines.forEach((line, at) => {
        const up = y + (at - (lines.length - 1) / 2) * size * 1.25;
        context.strokeText(line, x, up);
        context.fillText(line, x, up);
      });
      return;
    }
  }

  axes(context) {
    const [x, y] = this.map.axes, ground = TOP + this.height, font = (size) => `${size}px system-ui, "DejaVu Sans", sans-serif`;
    context.strokeStyle = context.fillStyle = getComputedStyle(this.canvas).color;
    context.lineWidth = 1;
    context.strokeRect(LEFT - 0.5, TOP - 0.5, this.width + 1, this.height + 1);
    const write = (words, at, up, align, baseline, size = 12) => {
      [context.font, context.textAlign, context.textBaseline] = [font(size), align, baseline];
      context.fillText(words, at, up);
    };
    for (const at of ticks(x.low, x.high, this.width / 70)) {
      const left = LEFT + ((at - x.low) / (x.high - x.low)) * this.width;
      context.fillRect(Math.round(left), ground, 1, 5);
      write(said(at), left, ground + 8, "center", "top");
    }
    context.font = font(13);
    write(fitted(context, this.words.x, this.width), LEFT + this.width / 2, ground + 27, "center", "top", 13);
    if (!y) return;
    const words = fitted(context, this.words.y, this.height);
    for (const at of ticks(y.low, y.high, this.height / 50)) {
      const up = TOP + (1 - (at - y.low) / (y.high - y.low)) * this.height;
      context.fillRect(LEFT - 5, Math.round(up), 5, 1);
      write(said(at), LEFT - 8, Math.min(Math.max(up, TOP + 6), ground - 4), "right", "middle");
    }
    context.save();
    context.translate(16, TOP + this.height / 2);
    context.rotate(-Math.PI / 2);
    write(words, 0, 0, "center", "middle", 13);
    context.restore();
  }
}

// The middle of the places of the largest box, at least `a` by `b` cells, that fits.
function roomiest(whole, w, h, a, b) {
  const places = (grow, use) => {
    let found = 0;
    for (let i = 0; i + a + grow <= w; i++)
      for (let j = 0; j + b + grow <= h; j++)
        if (whole(i, j, a + grow, b + grow)) { found++; if (!use) return 1; use(i + (a + grow) / 2, j + (b + grow) / 2); }
    return found;
  };
  let low = 0, high = Math.floor(Math.min(w - a, h - b) / 2); // where a box fits, smaller ones do
  if (!places(0)) return null;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (places(2 * middle)) low = middle;
    else high = middle - 1;
  }
  let across = 0, up = 0, best = null, near = Infinity;
  const count = places(2 * low, (i, j) => { across += i; up += j; });
  places(2 * low, (i, j) => {
    const away = Math.hypot(i - across / count, j - up / count);
    if (away < near) { near = away; best = [i, j]; }
  });
  return best;
}

function layouts(words) {
  const found = [], apart = words.split(" ");
  for (const size of [14, 12, 11])
    for (let count = 1; count <= Math.min(4, apart.length); count++) {
      const lines = [], most = words.length / count;
      for (const word of apart) {
        const last = lines.length - 1;
        if (last >= 0 && (lines[last].length + word.length / 2 <= most || lines.length === count)) lines[last] += ` ${word}`;
        else lines.push(word);
      }
      found.push([size, lines]);
    }
  return found;
}

export function ticks(low, high, most) {
  const rough = (high - low) / Math.max(2, most), power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((one) => one >= rough);
  const found = [];
  for (let at = Math.ceil(low / step - 1e-9); at * step <= high + 1e-9 * step; at++) found.push(Number((at * step).toPrecision(12)));
  return found;
}

function said(value) { return String(value).replace("-", "\u2212"); }

function fitted(context, words, room) {
  if (context.measureText(words).width <= room) return words;
  let length = words.length;
  while (length > 4 && context.measureText(`${words.slice(0, length)}\u2026`).width > room) length--;
  return `${words.slice(0, length)}\u2026`;
}
