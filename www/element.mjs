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
const OWN = ["height"];
// How near the element has to be before it is made ready: a screen's height or so.
const NEAR = "600px";

const STILL = `
:host { display: block; position: relative; contain: content; min-block-size: 320px; color-scheme: light dark; }
:host([hidden]) { display: none; }
.frame { block-size: 100%; container: playground / size; border: 1px solid light-dark(#dcdfd8, #2e343b); border-radius: 8px; overflow: hidden; }
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

// What the page around has decided on, if it has: that may not be what the system has. Many pages that can be dark don't
// say so, but then their letters are light.
function schemeAround(element) {
  const { color, colorScheme } = getComputedStyle(element.parentElement ?? document.documentElement);
  const [light, dark] = ["light", "dark"].map((word) => colorScheme.includes(word));
  if (light !== dark) return dark ? "dark" : "light";
  const [r, g, b] = color.startsWith("rgb") ? color.match(/[\d.]+/g).map(Number) : [0, 0, 0];
  return r + g + b > 480 ? "dark" : undefined;
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
  static observedAttributes = [...OPTIONS, ...OWN];

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
    this.#life += 1;
    this.#showStill();
    this.#applyHeight();
    this.#applyTheme();
    this.#observer = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && this.start(),
      { rootMargin: NEAR },
    );
    this.#observer.observe(this);
  }

  disconnectedCallback() {
    this.#life += 1;
    this.#observer?.disconnect();
    this.#observer = undefined;
    this.#close();
    this.#frame.replaceChildren();
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

  get ready() {
    return this.#ready;
  }

  // A command as it is typed: run("fill heap 0..15").
  run(command) {
    this.#needed().run(String(command));
  }

  // So many commands on, or back.
  step(commands = 1) {
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

  #emit(kind, detail) {
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

  #applyHeight() {
    const height = this.getAttribute("height") ?? "auto";
    this.style.blockSize = "";
    if (height !== "auto") this.style.blockSize = height;
    if (this.style.blockSize) return;
    // As wide as a page of text it is as high as a screen.
    this.style.blockSize = "clamp(420px, 62vi, 820px)";
    if (height !== "auto") this.#emit("error", { message: `height="${height}" is not understood: it can be auto or a CSS length.` });
  }

  #applyTheme() {
    const own = this.getAttribute("theme");
    const theme = own === "light" || own === "dark" ? own : schemeAround(this);
    this.#frame.style.colorScheme = theme ?? "";
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

if (globalThis.customElements && !customElements.get("swap-playground")) customElements.define("swap-playground", SwapPlayground);
