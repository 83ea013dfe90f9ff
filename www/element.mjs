// <swap-playground>: a playground in any page. The file is one module without anything it needs beside it but the
// program, which is fetched once for all elements of a page, and only when the first of them comes near.
// pkg-scripts/lib/finish-site.mjs puts in the names of the built files and the style sheet.

const GLUE = new URL("./program.js", import.meta.url);
const PROGRAM = new URL("./program_bg.wasm", import.meta.url);
const SITE = new URL("./", import.meta.url).href;
const HOST = new URL("./host.mjs", import.meta.url);
const STYLE = new URL("./embed.css", import.meta.url);

// What the program knows of; height is the element's own.
const OPTIONS = ["view", "controls", "theme", "session", "step", "autoplay", "speed", "storage", "label", "lesson"];
const ATTRIBUTES = [...OPTIONS, "height"];
// How near the element has to be before it is made ready: a screen's height or so.
const NEAR = "600px";

const STILL = `
:host { display: block; position: relative; contain: content; block-size: clamp(420px, 62vi, 820px); min-block-size: 320px;
  min-inline-size: min(280px, 100%); color-scheme: light dark; }
:host([hidden]) { display: none; }
.frame { box-sizing: border-box; block-size: 100%; min-block-size: 320px; contain-intrinsic-inline-size: 720px; container: playground / size; border: 1px solid light-dark(#dcdfd8, #2e343b); border-radius: 8px; overflow: hidden; }
.still { block-size: 100%; display: grid; place-content: center; justify-items: center; gap: 16px; font: 15px/1.4 system-ui, sans-serif;
  background: light-dark(#f7f8f5, #14171b); color: light-dark(#1b1e23, #f0f2f5); }
.still svg { inline-size: 96px; }
.still button { font: inherit; padding: 8px 18px; border-radius: 8px; border: 1px solid light-dark(#0b5cbf, #6cb2ff);
  background: light-dark(#0b5cbf, #6cb2ff); color: light-dark(#fff, #10141a); cursor: pointer; }
.still button:focus-visible { outline: 2px solid light-dark(#0b5cbf, #6cb2ff); outline-offset: 3px; }
.still p { margin: 0; max-inline-size: 40em; padding-inline: 16px; text-align: center; }
`;

let still;
const stillSheet = () => {
  if (!still) (still = new CSSStyleSheet()).replaceSync(STILL);
  return still;
};

// Playgrounds of elements that are gone, each with the part of a page it lives in: the next element takes one.
const spare = [];

// The program and its style sheet, once for all; a failure is forgotten, so that it can be tried again.
let loaded;
function load() {
  loaded ??= (async () => {
    const [glue, host, style] = await Promise.all([
      import(GLUE.href),
      import(HOST.href),
      fetch(STYLE).then((answer) => {
        if (!answer.ok) throw new Error(`the server answered ${answer.status} for ${STYLE.pathname}`);
        return answer.text();
      }),
    ]);
    await glue.default({ module_or_path: fetch(PROGRAM) });
    const sheet = new CSSStyleSheet();
    await sheet.replace(style);
    return { Playground: glue.Playground, host, sheet };
  })();
  loaded.catch(() => (loaded = undefined));
  return loaded;
}

// A pixel: whatever a page may call a colour, and however many layers of it there are, it comes to three numbers.
let pixel;
function blend(colors) {
  pixel ??= new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  for (const color of colors) {
    pixel.fillStyle = color;
    pixel.fillRect(0, 0, 1, 1);
  }
  const [red, green, blue] = pixel.getImageData(0, 0, 1, 1).data;
  return (0.299 * red + 0.587 * green + 0.114 * blue) / 255;
}

// The elements around one, also through slots and out of shadow trees, from the inside.
function* around(element) {
  for (let at = element; at; ) {
    at = at.assignedSlot ?? at.parentElement ?? at.getRootNode().host;
    if (at) yield at;
  }
}

// Dark where the ground behind the element is. What the system wants counts where the page leaves it to the system.
function schemeAround(element) {
  const { colorScheme } = getComputedStyle(document.documentElement);
  const leaves = colorScheme.includes("light") === colorScheme.includes("dark") && colorScheme !== "normal";
  const dark = leaves ? matchMedia("(prefers-color-scheme: dark)").matches : colorScheme.includes("dark");
  const layers = [];
  for (const part of around(element)) {
    const { backgroundColor, backgroundImage, color } = getComputedStyle(part);
    // A picture may be anything, but letters on it are legible.
    if (backgroundImage !== "none") {
      layers.push(blend(["white", color]) > 0.5 ? "black" : "white");
      break;
    }
    layers.push(backgroundColor);
  }
  return blend([dark ? "black" : "white", ...layers.reverse()]) < 0.5 ? "dark" : "light";
}

// Four disks with one stripe of pages across them.
function picture() {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  svg.setAttribute("viewBox", "0 0 32 32");
  svg.setAttribute("aria-hidden", "true");
  const rect = (x, y, height, fill) => {
    const rect = document.createElementNS(ns, "rect");
    for (const [name, value] of Object.entries({ x, y, width: 5, height, rx: 1, fill })) rect.setAttribute(name, value);
    svg.append(rect);
  };
  [4, 10.3, 16.7, 23].forEach((x, i) => {
    rect(x, 5, 22, "#8b94a3");
    rect(x, 8 + 4 * i, 6, ["#e5484d", "#f5a524", "#46a758", "#3e8ef7"][i]);
  });
  return svg;
}

// Where pages are only written there is nothing to extend, and nothing happens.
class SwapPlayground extends (globalThis.HTMLElement ?? Object) {
  static observedAttributes = ATTRIBUTES;

  #root = this.attachShadow({ mode: "open" });
  #frame = document.createElement("div");
  #observer;
  // What is shown: nothing before it came near.
  #playground;
  // Counts how often the element was put on a page, so that what was begun before is not finished after.
  #life = 0;

  constructor() {
    super();
    this.#frame.className = "frame";
    this.#root.adoptedStyleSheets = [stillSheet()];
    this.#root.append(this.#frame);
  }

  connectedCallback() {
    this.#takeProperties();
    this.#watchAround();
    this.#applyTheme();
    // Only put somewhere else: it goes on as it is.
    const moved = this.#leaves;
    this.#leaves = false;
    if (moved) return;
    this.#life += 1;
    this.#showStill();
    this.#applyHeight();
    this.#observer = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && this.start(),
      { rootMargin: NEAR },
    );
    this.#observer.observe(this);
  }

  disconnectedCallback() {
    this.#turns.disconnect();
    document.removeEventListener("transitionend", this.#turned);
    this.#leaves = true;
    queueMicrotask(() => this.#leaves && !this.isConnected && this.#leave());
  }

  #leave() {
    this.#leaves = false;
    this.#life += 1;
    this.#observer?.disconnect();
    this.#observer = undefined;
    this.#close();
    this.#frame.replaceChildren();
  }

  // Pages turn dark by attributes anywhere around, and some take their time.
  #watchAround() {
    const turned = () => this.#applyTheme();
    this.#turns = new MutationObserver(turned);
    for (const part of around(this)) this.#turns.observe(part, { attributes: true });
    document.addEventListener("transitionend", (this.#turned = turned));
  }

  attributeChangedCallback(name, before, value) {
    if (before === value) return;
    if (name === "height") this.#applyHeight();
    if (name === "theme") this.#applyTheme();
    if (this.#playground && OPTIONS.includes(name)) {
      this.#attempt(() => this.#playground.set(name, value ?? undefined));
    }
  }

  // Makes it ready now, wherever it is. Settles when it can be used.
  async start() {
    if (this.isConnected) await (this.#starting ??= this.#begin());
  }

  #starting;
  #ready = false;

  async #begin() {
    this.#observer?.disconnect();
    const life = this.#life;
    this.#say("Loading Swap Playground");
    let program;
    try {
      program = await load();
    } catch (error) {
      if (life !== this.#life) return;
      this.#starting = undefined;
      this.#fail(`Swap Playground could not be loaded: ${error.message}.`);
      return;
    }
    if (life !== this.#life) return;
    const { Playground, host, sheet } = program;
    this.#root.adoptedStyleSheets = [stillSheet(), sheet];
    const kept = spare.pop();
    const stage = kept?.stage ?? document.createElement("div");
    stage.className = "playground";
    // Whatever the page around speaks.
    stage.lang = "en";
    stage.dir = "ltr";
    this.#frame.replaceChildren(stage);
    this.#stage = stage;
    host.attend(stage, this.#root);
    this.#setTheme = host.setTheme;
    this.#unfollow = host.follow(() => this.#applyTheme());
    this.#applyTheme();
    const attributes = OPTIONS.filter((name) => this.hasAttribute(name)).map((name) => [name, this.getAttribute(name)]);
    // Links lead to the site.
    attributes.push(["site", SITE]);
    await new Promise((ready) => {
      const tell = (kind, detail) => {
        if (life !== this.#life) return;
        if (kind === "ready") {
          this.#ready = true;
          ready();
        }
        this.#emit(kind, detail);
      };
      this.#playground = kept?.playground ?? new Playground(stage, false, attributes, tell);
      kept?.playground.wake(attributes, tell);
    });
  }

  #stage;
  #setTheme;
  #unfollow;
  // What sees the page around turn dark.
  #turns;
  #turned;
  // Whether it was taken from its place, and maybe is only put somewhere else.
  #leaves = false;
  // Whether the height is that of the attribute.
  #sized = false;

  get ready() {
    return this.#ready;
  }

  // A command as it is typed: run("fill heap 0..15"). Throws when it makes no sense; what it returns settles when the
  // machine has nothing left to do.
  run(command) {
    const playground = this.#needed();
    playground.run(String(command));
    return this.#settled(playground);
  }

  async #settled(playground) {
    do await new Promise((next) => setTimeout(next, 10));
    while (this.#playground === playground && playground.busy());
  }

  // So many commands on, or back.
  stepBy(commands = 1) {
    this.#needed().step(commands);
  }

  // The moment after so many events.
  seek(event) {
    this.#needed().seek(event);
  }

  // What the machine is like at the moment that is shown.
  snapshot() {
    return this.#needed().snapshot();
  }

  // All disks and objects are forgotten.
  reset() {
    this.#needed().reset();
  }

  #needed() {
    if (!this.#playground) throw new Error("The playground isn't ready: call start(), or wait for its ready event.");
    return this.#playground;
  }

  #attempt(call) {
    try {
      call();
    } catch (error) {
      this.#emit("error", { message: error.message });
    }
  }

  // What was set before this was known is no property of ours yet.
  #takeProperties() {
    for (const name of ATTRIBUTES) {
      if (!Object.hasOwn(this, name)) continue;
      const value = this[name];
      delete this[name];
      this[name] = value;
    }
  }

  #emit(kind, detail) {
    if (kind === "error") console.warn(`<swap-playground>: ${detail.message}`);
    this.dispatchEvent(new CustomEvent(kind, { detail }));
  }

  #close() {
    if (this.#playground) {
      this.#playground.rest();
      spare.push({ playground: this.#playground, stage: this.#stage });
      this.#unfollow();
    }
    this.#playground = this.#stage = this.#starting = undefined;
    this.#ready = false;
    this.#root.adoptedStyleSheets = [stillSheet()];
  }

  // Without the attribute a height of the author's own counts.
  #applyHeight() {
    const height = this.getAttribute("height") ?? "auto";
    const sizes = height !== "auto" && CSS.supports("block-size", height);
    if (sizes || this.#sized) this.style.blockSize = sizes ? height : "";
    this.#sized = sizes;
    if (!sizes && height !== "auto") this.#emit("error", { message: `height="${height}" is not understood: it can be auto or a CSS length.` });
  }

  #applyTheme() {
    const own = this.getAttribute("theme");
    const theme = own === "light" || own === "dark" ? own : schemeAround(this);
    this.#frame.style.colorScheme = theme;
    if (this.#stage && this.#stage.dataset.theme !== theme) this.#setTheme(this.#stage, theme);
  }

  #showStill() {
    const start = document.createElement("button");
    start.type = "button";
    start.textContent = "Start Swap Playground";
    start.addEventListener("click", () => this.start());
    this.#still(picture(), start);
  }

  #say(text) {
    const words = document.createElement("p");
    words.setAttribute("role", "status");
    words.textContent = text;
    this.#still(picture(), words);
  }

  #fail(text) {
    const words = document.createElement("p");
    words.setAttribute("role", "alert");
    words.textContent = text;
    const again = document.createElement("button");
    again.type = "button";
    again.textContent = "Try again";
    again.addEventListener("click", () => this.start());
    this.#still(picture(), words, again);
    this.#emit("error", { message: text });
  }

  #still(...parts) {
    const still = document.createElement("div");
    still.className = "still";
    still.append(...parts);
    this.#frame.replaceChildren(still);
  }
}

// Every attribute is a property as well: React and Vue set that, where there is one. `step` was a method, and still
// can be called as one; its name is stepBy.
for (const name of ATTRIBUTES) {
  Object.defineProperty(SwapPlayground.prototype, name, {
    configurable: true,
    enumerable: true,
    get() {
      const value = this.getAttribute(name) ?? "";
      return name === "step" ? Object.assign((commands) => this.stepBy(commands), { toString: () => value }) : value;
    },
    set(value) {
      if (value === undefined || value === null || value === false) this.removeAttribute(name);
      else this.setAttribute(name, value === true ? "" : String(value));
    },
  });
}

if (globalThis.customElements && !customElements.get("swap-playground")) customElements.define("swap-playground", SwapPlayground);
