// What is on the screen as an SVG: text and boxes are read from the elements, canvases are painted once more into
// something that writes down what is drawn. Loaded when the first picture is wanted.

const SVG = "http://www.w3.org/2000/svg";
// Of what can be pressed only that is drawn which tells something.
const SKIPPED = "input, select, textarea, progress, dialog, .visually-hidden, .flights, button:not(.link, .line, .card-head)";
// One of a kind for all pictures: measures text and reads colours.
const scratch = document.createElement("canvas");
scratch.width = scratch.height = 1;
const pen = scratch.getContext("2d", { willReadFrequently: true });

const round = (n) => String(Math.round(n * 100) / 100);
// What XML has no way to say is left out.
const escape = (text) =>
  (text.toWellFormed?.() ?? text)
    .replace(/[\0-\x08\v\f\x0e-\x1f\ufffe\uffff]/g, "")
    .replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

// A colour in words that every program reads, and how opaque it is.
const known = new Map();
export function color(css) {
  let found = known.get(css);
  if (!found) {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = "#000";
    pen.fillStyle = css;
    pen.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
    found = { hex: `#${[r, g, b].map((part) => part.toString(16).padStart(2, "0")).join("")}`, alpha: a / 255 };
    known.set(css, found);
  }
  return found;
}

function paint(name, css, alpha = 1) {
  const { hex, alpha: own } = color(css);
  const opacity = own * alpha;
  return `${name}="${hex}"${opacity < 1 ? ` ${name}-opacity="${round(opacity)}"` : ""}`;
}

// How wide text is.
export function measure(text, font) {
  pen.font = font;
  pen.textBaseline = "alphabetic";
  return pen.measureText(text).width;
}

// How far the line that letters stand on is below the place that a baseline of another kind is at.
function drop(font, baseline) {
  pen.font = font;
  pen.textBaseline = "alphabetic";
  const own = pen.measureText("x").fontBoundingBoxAscent;
  pen.textBaseline = baseline;
  return own - pen.measureText("x").fontBoundingBoxAscent;
}

// Canvas fonts as attributes: "600 11px system-ui, sans-serif".
const fonts = new Map();
function font(css) {
  let found = fonts.get(css);
  if (!found) {
    const [, weight, size, family] = css.match(/^(?:(\d+|bold) )?([\d.]+)px(?:\/\S+)? (.+)$/) ?? [null, "", "10", "sans-serif"];
    found = `font-family="${escape(family)}" font-size="${size}"${weight && weight !== "400" ? ` font-weight="${weight}"` : ""}`;
    fonts.set(css, found);
  }
  return found;
}

// Names within a picture.
let names = 0;

// The parts of a picture, in the order in which they are drawn.
export class Sheet {
  #parts = [];
  #open;
  // How far down there is anything.
  low = 0;

  // A path; neighbours that look the same become one.
  path(d, look) {
    if (this.#open?.look === look) this.#open.d += d;
    else {
      this.flush();
      this.#open = { d, look };
    }
  }

  reaches(y) {
    this.low = Math.max(this.low, y);
  }

  add(part) {
    this.flush();
    this.#parts.push(part);
  }

  // What is drawn by then lies within a rectangle, until the end() of it.
  clip(x, y, w, h) {
    const id = `c${(names += 1)}`;
    this.add(`<clipPath id="${id}"><rect x="${round(x)}" y="${round(y)}" width="${round(w)}" height="${round(h)}"/></clipPath><g clip-path="url(#${id})">`);
  }

  group(attributes) {
    this.add(`<g ${attributes}>`);
  }

  end() {
    this.add("</g>");
  }

  flush() {
    if (this.#open) this.#parts.push(`<path d="${this.#open.d}" ${this.#open.look}/>`);
    this.#open = undefined;
  }

  toString() {
    this.flush();
    return this.#parts.join("\n");
  }
}

const rectangle = (x, y, w, h) => `M${round(x)} ${round(y)}h${round(w)}v${round(h)}h${round(-w)}z`;

function roundedRectangle(x, y, w, h, radius) {
  const r = Math.min(radius, w / 2, h / 2);
  if (!(r > 0)) return rectangle(x, y, w, h);
  const arc = (dx, dy) => `a${round(r)} ${round(r)} 0 0 1 ${round(dx)} ${round(dy)}`;
  return `M${round(x + r)} ${round(y)}h${round(w - 2 * r)}${arc(r, r)}v${round(h - 2 * r)}${arc(-r, r)}h${round(2 * r - w)}${arc(-r, -r)}v${round(2 * r - h)}${arc(r, -r)}z`;
}

// Stands in for the context of a canvas: has what the painters use of one, and writes down what it is told. Its unit
// is the CSS pixel, whatever the screen's is.
class Recorder {
  #sheet;
  #ground;
  #origin;
  #kept = [];
  #state;
  #d = "";
  #clip;

  constructor(sheet, ground, left, top) {
    this.#sheet = sheet;
    this.#ground = ground;
    this.#origin = [left, top];
    this.resetTransform();
  }

  resetTransform() {
    const [x, y] = this.#origin;
    this.#state = {
      x, y, clips: 0, fillStyle: "#000", strokeStyle: "#000", lineWidth: 1, globalAlpha: 1, dash: "",
      font: "10px sans-serif", textAlign: "start", textBaseline: "alphabetic",
    };
  }
  // Only ever by the pixels of the screen.
  scale() {}
  translate(x, y) {
    this.#state.x += x;
    this.#state.y += y;
  }
  save() {
    this.#kept.push({ ...this.#state });
  }
  restore() {
    const before = this.#kept.pop();
    if (!before) return;
    for (let n = before.clips; n < this.#state.clips; n += 1) this.#sheet.end();
    this.#state = before;
  }
  // By a rectangle, which is all that is asked for.
  clip() {
    if (!this.#clip) return;
    this.#sheet.clip(...this.#clip);
    this.#state.clips += 1;
  }

  beginPath() {
    this.#d = "";
    this.#clip = undefined;
  }
  closePath() {
    this.#d += "z";
  }
  #at(x, y) {
    return `${round(x + this.#state.x)} ${round(y + this.#state.y)}`;
  }
  moveTo(x, y) {
    this.#d += `M${this.#at(x, y)}`;
  }
  lineTo(x, y) {
    this.#d += `${this.#d ? "L" : "M"}${this.#at(x, y)}`;
  }
  quadraticCurveTo(a, b, x, y) {
    this.#d += `Q${this.#at(a, b)} ${this.#at(x, y)}`;
  }
  bezierCurveTo(a, b, c, d, x, y) {
    this.#d += `C${this.#at(a, b)} ${this.#at(c, d)} ${this.#at(x, y)}`;
  }
  rect(x, y, w, h) {
    this.#clip = [x + this.#state.x, y + this.#state.y, w, h];
    this.#d += rectangle(x + this.#state.x, y + this.#state.y, w, h);
  }
  roundRect(x, y, w, h, radius) {
    this.#d += roundedRectangle(x + this.#state.x, y + this.#state.y, w, h, Number(radius));
  }
  // Whole circles, and parts of them.
  arc(x, y, r, from, to, back = false) {
    const at = (angle) => this.#at(x + r * Math.cos(angle), y + r * Math.sin(angle));
    const turn = back ? from - to : to - from;
    const arc = (angle, large) => `A${round(r)} ${round(r)} 0 ${large ? 1 : 0} ${back ? 0 : 1} ${at(angle)}`;
    this.#d += `${this.#d ? "L" : "M"}${at(from)}`;
    this.#d += Math.abs(turn) >= 2 * Math.PI ? arc(from + Math.PI) + arc(from) : arc(to, (turn + 2 * Math.PI) % (2 * Math.PI) > Math.PI);
  }
  fill() {
    this.#sheet.path(this.#d, paint("fill", this.#state.fillStyle, this.#state.globalAlpha));
  }
  stroke() {
    const { strokeStyle, lineWidth, globalAlpha, dash } = this.#state;
    const dashed = dash && ` stroke-dasharray="${dash}"`;
    this.#sheet.path(this.#d, `fill="none" ${paint("stroke", strokeStyle, globalAlpha)} stroke-width="${round(lineWidth)}"${dashed}`);
  }
  fillRect(x, y, w, h) {
    this.#sheet.path(rectangle(x + this.#state.x, y + this.#state.y, w, h), paint("fill", this.#state.fillStyle, this.#state.globalAlpha));
  }
  strokeRect(x, y, w, h) {
    const before = this.#d;
    this.#d = rectangle(x + this.#state.x, y + this.#state.y, w, h);
    this.stroke();
    this.#d = before;
  }
  // All of a canvas is cleared before anything is on it; later a part of it.
  clearRect(x, y, w, h) {
    if (this.#state.x !== this.#origin[0] || this.#state.y !== this.#origin[1] || x !== 0 || y !== 0) {
      this.#sheet.path(rectangle(x + this.#state.x, y + this.#state.y, w, h), paint("fill", this.#ground));
    }
  }
  fillText(text, x, y, most) {
    const { font: css, textAlign, textBaseline, fillStyle, globalAlpha } = this.#state;
    const anchor = { center: "middle", right: "end", end: "end" }[textAlign];
    const squeezed = most !== undefined && measure(text, css) > most;
    this.#sheet.add(
      `<text x="${round(x + this.#state.x)}" y="${round(y + this.#state.y + drop(css, textBaseline))}" ${font(css)} ${paint("fill", fillStyle, globalAlpha)}` +
        `${anchor ? ` text-anchor="${anchor}"` : ""}${squeezed ? ` textLength="${round(most)}" lengthAdjust="spacingAndGlyphs"` : ""}>${escape(text)}</text>`,
    );
  }
  measureText(text) {
    measure(text, this.#state.font);
    return pen.measureText(text);
  }
  setLineDash(lengths) {
    this.#state.dash = lengths.map(round).join(" ");
  }
  getLineDash() {
    return this.#state.dash.split(" ").filter(Boolean).map(Number);
  }

  static {
    for (const name of ["fillStyle", "strokeStyle", "lineWidth", "globalAlpha", "font", "textAlign", "textBaseline"]) {
      Object.defineProperty(this.prototype, name, {
        get() {
          return this.#state[name];
        },
        set(value) {
          this.#state[name] = value;
        },
      });
    }
    // The program asks whether it has been given a context.
    Object.setPrototypeOf(this.prototype, CanvasRenderingContext2D.prototype);
  }
}

// The corner of a box: at a whole pixel, as on the screen, so that its lines are sharp.
const corner = (rect, origin) => [Math.round(rect.left - origin.left), Math.round(rect.top - origin.top)];

// Canvases of a part of the page whose painters are to write down what they draw, until give_back().
export function borrow(root, origin, ground) {
  const canvases = [...root.querySelectorAll("canvas")].filter((canvas) => canvas.checkVisibility());
  const recorders = new Map();
  for (const canvas of canvases) {
    const [left, top] = corner(canvas.getBoundingClientRect(), origin);
    // What was asked for first is drawn over by what is asked for later.
    canvas.getContext = () => {
      const sheet = new Sheet();
      const recorder = new Recorder(sheet, ground(), left, top);
      recorders.set(canvas, { sheet, recorder });
      return recorder;
    };
  }
  return {
    sheets: recorders,
    painted: () => canvases.every((canvas) => recorders.has(canvas)),
    giveBack: () => canvases.forEach((canvas) => delete canvas.getContext),
  };
}

// "a(b, c), d" by its outer commas.
function outer(text) {
  const parts = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at <= text.length; at += 1) {
    if (at === text.length || (text[at] === "," && depth === 0)) {
      parts.push(text.slice(from, at).trim());
      from = at + 1;
    } else if (text[at] === "(") depth += 1;
    else if (text[at] === ")") depth -= 1;
  }
  return parts;
}

// A linear gradient of a background, as far as style sheets here have them, as a definition and a fill.
function gradient(layer, { x, y, w, h }) {
  const [, repeating, inside] = layer.match(/^(repeating-)?linear-gradient\((.*)\)$/s) ?? [];
  if (!inside) return null;
  const stops = outer(inside);
  let angle = 180;
  if (/^(to |[-\d.]+deg)/.test(stops[0])) {
    const way = stops.shift();
    angle = { "to right": 90, "to left": 270, "to top": 0, "to bottom": 180 }[way] ?? Number.parseFloat(way);
  }
  const [dx, dy] = [Math.sin((angle * Math.PI) / 180), -Math.cos((angle * Math.PI) / 180)];
  const length = Math.abs(w * dx) + Math.abs(h * dy);
  const place = (text) => [...text.matchAll(/([-+]?)\s*([\d.]+)(%|px)/g)].reduce((sum, [, sign, n, unit]) => sum + (sign === "-" ? -1 : 1) * n * (unit === "%" ? length / 100 : 1), 0);
  let least = 0;
  const placed = stops.flatMap((stop, i) => {
    const [, css, places] = stop.match(/^(\S+?\(.*?\)|\S+)\s*(.*)$/s) ?? [];
    const own = places ? outer(places.replace(/\s+(?=[\d.]+(?:%|px)$)/, ",")) : [i === 0 ? "0%" : "100%"];
    return own.map((text) => ({ at: (least = Math.max(least, place(text))), ...color(css) }));
  });
  const [first, last] = [placed[0].at, placed.at(-1).at];
  const [fromX, fromY] = [x + w / 2 - (dx * length) / 2, y + h / 2 - (dy * length) / 2];
  const at = (way) => [fromX + dx * way, fromY + dy * way].map(round);
  const [[x1, y1], [x2, y2]] = repeating ? [at(first), at(last)] : [at(0), at(length)];
  const [start, span] = repeating ? [first, last - first || 1] : [0, length || 1];
  const id = `g${(names += 1)}`;
  const inner = placed.map(({ at, hex, alpha }) => `<stop offset="${Math.round(((at - start) / span) * 1e4) / 1e4}" stop-color="${hex}"${alpha < 1 ? ` stop-opacity="${round(alpha)}"` : ""}/>`);
  const spread = repeating ? ' spreadMethod="repeat"' : "";
  return { fill: `fill="url(#${id})"`, definition: `<linearGradient id="${id}" gradientUnits="userSpaceOnUse" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"${spread}>${inner.join("")}</linearGradient>` };
}

function box(sheet, style, place) {
  const { x, y, w, h } = place;
  const radius = style.borderTopLeftRadius.endsWith("%") ? (Number.parseFloat(style.borderTopLeftRadius) / 100) * w : Number.parseFloat(style.borderTopLeftRadius) || 0;
  const shape = roundedRectangle(x, y, w, h, radius);
  if (color(style.backgroundColor).alpha > 0) {
    sheet.path(shape, paint("fill", style.backgroundColor));
    sheet.reaches(y + h);
  }
  if (style.backgroundImage !== "none") {
    for (const layer of outer(style.backgroundImage).reverse()) {
      const found = gradient(layer, place);
      if (found) sheet.add(`${found.definition}<path d="${shape}" ${found.fill}/>`);
    }
  }
  const ring = (css, width, by, dashed) =>
    sheet.path(
      roundedRectangle(x - by, y - by, w + 2 * by, h + 2 * by, radius && radius + by),
      `fill="none" ${paint("stroke", css)} stroke-width="${round(width)}"${dashed ? ' stroke-dasharray="4 3"' : ""}`,
    );
  // Shadows that are rings, or a line at an edge.
  for (const shadow of outer(style.boxShadow)) {
    const lengths = [...shadow.replace(/^\S+\(.*?\)|^#\S+/, "").matchAll(/(-?[\d.]+)px/g)].map(([, n]) => Number(n));
    const css = shadow.match(/^(\S+\(.*?\)|#\S+)/)?.[0];
    if (!css || lengths.length < 4 || lengths[2] > 0) continue;
    const [dx, dy, , spread] = lengths;
    const inset = shadow.endsWith("inset");
    if (spread > 0) ring(css, spread, inset ? -spread / 2 : spread / 2, false);
    else if (inset && dx > 0) sheet.path(rectangle(x, y, dx, h), paint("fill", css));
    else if (inset && dy > 0) sheet.path(rectangle(x, y, w, dy), paint("fill", css));
  }
  const sides = ["Top", "Right", "Bottom", "Left"].map((side) => ({
    width: style[`border${side}Style`] === "none" ? 0 : Number.parseFloat(style[`border${side}Width`]),
    css: style[`border${side}Color`],
    dashed: style[`border${side}Style`] === "dashed",
  }));
  const [top, right, bottom, left] = sides;
  if (sides.every(({ width, css }) => width === top.width && css === top.css)) {
    if (top.width > 0 && color(top.css).alpha > 0) ring(top.css, top.width, -top.width / 2, top.dashed);
  } else {
    const line = ({ width, css }, ...at) => width > 0 && color(css).alpha > 0 && sheet.path(rectangle(...at), paint("fill", css));
    line(top, x, y, w, top.width);
    line(bottom, x, y + h - bottom.width, w, bottom.width);
    line(left, x, y, left.width, h);
    line(right, x + w - right.width, y, right.width, h);
  }
  if (style.outlineStyle !== "none" && color(style.outlineColor).alpha > 0) {
    const width = Number.parseFloat(style.outlineWidth);
    if (width > 0) ring(style.outlineColor, width, Number.parseFloat(style.outlineOffset) + width / 2, style.outlineStyle === "dashed");
  }
}

const TRANSFORMS = { uppercase: (text) => text.toUpperCase(), lowercase: (text) => text.toLowerCase() };

// The lines of a text, each where it stands.
function* lines(node) {
  const range = document.createRange();
  range.selectNodeContents(node);
  const rects = [...range.getClientRects()].filter(({ width }) => width > 0);
  if (rects.length === 0) return;
  if (rects.length === 1) {
    yield [node.data, rects[0]];
    return;
  }
  let text = "";
  let line;
  for (let at = 0; at < node.length; at += 1) {
    range.setStart(node, at);
    range.setEnd(node, at + 1);
    const rect = [...range.getClientRects()].find(({ width }) => width > 0);
    if (!rect) continue;
    if (line && Math.abs(rect.top - line.top) > 2) {
      yield [text, line];
      text = "";
      line = undefined;
    }
    line ??= rect;
    text += node.data[at];
  }
  if (line) yield [text, line];
}

function write(sheet, node, style, origin) {
  const css = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  pen.font = css;
  pen.textBaseline = "alphabetic";
  const metrics = pen.measureText("x");
  const [up, down] = [metrics.fontBoundingBoxAscent, metrics.fontBoundingBoxDescent];
  const pre = style.whiteSpace.startsWith("pre");
  const spacing = Number.parseFloat(style.letterSpacing) || 0;
  for (const [raw, rect] of lines(node)) {
    let shown = (TRANSFORMS[style.textTransform] ?? String)(pre ? raw : raw.replace(/\s+/g, " ").trimEnd());
    if (!shown.trim()) continue;
    // Space before a text is a part of it, except where a line begins.
    if (!pre && shown[0] === " " && measure(shown, css) + spacing * shown.length > rect.width + 1) shown = shown.trimStart();
    // The rectangle of a line is as high as its letters can be.
    const baseline = rect.top + (rect.height - up - down) / 2 + up;
    sheet.reaches(rect.bottom - origin.top);
    sheet.add(
      `<text x="${round(rect.left - origin.left)}" y="${Math.round(baseline) - origin.top}" ${font(css)} ${paint("fill", style.color)}` +
        `${spacing ? ` letter-spacing="${round(spacing)}"` : ""}${pre || shown[0] === " " ? ' xml:space="preserve"' : ""}>${escape(shown)}</text>`,
    );
  }
}

// Draws an element with all that is in it, the first without a box of its own. The origin is at a whole pixel of the screen.
export function draw(sheet, element, origin, sheets, whole = true) {
  if (element.matches(SKIPPED) && !element.matches(".map-head > button")) return;
  const style = getComputedStyle(element);
  if (style.display === "none" || style.visibility !== "visible" || style.opacity === "0") return;
  const rect = element.getBoundingClientRect();
  const [x, y] = corner(rect, origin);
  const [w, h] = [Math.round(rect.right) - origin.left - x, Math.round(rect.bottom) - origin.top - y];
  const faded = Number(style.opacity) < 1;
  if (faded) sheet.group(`opacity="${style.opacity}"`);
  if (!whole && style.display !== "contents" && rect.width > 0 && rect.height > 0) box(sheet, style, { x, y, w, h });
  if (element.localName === "canvas") {
    const painted = sheets.get(element);
    if (painted) {
      sheet.reaches(y + h);
      sheet.clip(x, y, w, h);
      sheet.add(painted.sheet.toString());
      sheet.end();
    }
  }
  const overflows = element.scrollWidth > element.clientWidth || element.scrollHeight > element.clientHeight;
  const cut = overflows && style.overflow !== "visible" && style.display !== "inline";
  if (cut) sheet.clip(x + element.clientLeft, y + element.clientTop, element.clientWidth, element.clientHeight);
  for (const child of element.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) {
      if (child.data.trim()) write(sheet, child, style, origin);
    } else if (child.nodeType === Node.ELEMENT_NODE && child.namespaceURI !== SVG) draw(sheet, child, origin, sheets, false);
  }
  if (cut) sheet.end();
  if (faded) sheet.end();
}

// Text in lines that are no wider than there is room.
function wrapped(text, font, width) {
  const lines = [];
  for (const word of text.split(/[ \n]+/).filter(Boolean)) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : word;
    if (lines.length > 0 && measure(longer, font) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

const EDGE = 24;
const FAMILY = "system-ui, sans-serif";

// The whole picture: a title, what was drawn, and what there is to say of it.
export function framed({ body, width, height, title, caption, ink, muted, ground }) {
  const whole = width + 2 * EDGE;
  const parts = [];
  let y = EDGE;
  const say = (text, size, weight, css) => {
    for (const line of wrapped(text, `${weight} ${size}px ${FAMILY}`, width)) {
      y += size;
      parts.push(`<text x="${EDGE}" y="${round(y)}" font-family="${FAMILY}" font-size="${size}" font-weight="${weight}" ${paint("fill", css)}>${escape(line)}</text>`);
      y += size * 0.4;
    }
  };
  say(title, 20, 600, ink);
  if (title.trim()) y += 10;
  parts.push(`<g transform="translate(${EDGE} ${round(y)})">`, body, "</g>");
  y += height;
  if (caption.trim()) y += 10;
  say(caption, 13, 400, muted);
  const high = Math.ceil(y + EDGE);
  return {
    width: Math.ceil(whole),
    height: high,
    svg:
      `<svg xmlns="${SVG}" width="${Math.ceil(whole)}" height="${high}" viewBox="0 0 ${Math.ceil(whole)} ${high}" role="img">\n` +
      `<title>${escape(title)}</title>\n<desc>${escape(caption)}</desc>\n` +
      `<rect width="100%" height="100%" ${paint("fill", ground)}/>\n${parts.join("\n")}\n</svg>\n`,
  };
}

// The same in pixels.
export async function raster({ svg, width, height }, scale) {
  const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image(width, height);
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = width * scale;
    canvas.height = height * scale;
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((on, fail) => canvas.toBlob((blob) => (blob ? on(blob) : fail(new Error("it is too large"))), "image/png"));
  } finally {
    URL.revokeObjectURL(url);
  }
}
