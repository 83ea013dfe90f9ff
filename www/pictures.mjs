// Pictures of what is shown, for slides and print: the dialog that makes them.

import { borrow, draw, framed, raster, Sheet } from "./vector.mjs";

// What there can be a picture of: the name, where it is, and what of it is drawn.
const PARTS = [
  ["The view", ".views", ".view"],
  ["Objects", ".objects", ".objects"],
  ["Inspector", ".inspector", ".inspector"],
  ["Log", ".log", ".log"],
  ["Time", ".bottom", ".bottom"],
];

const grouped = (digits) => digits.replace(/\B(?=(\d{3})+$)/g, "\u202f");

// What it shows, for those who see it without the page.
function words(stage) {
  const { at, events, live } = stage.dataset;
  const moment = live === "true" ? `after ${grouped(events)} events` : `after event ${grouped(at)} of ${grouped(events)}`;
  const disks = stage.querySelectorAll("[data-testid=disk-head]");
  const free = stage.querySelector("[data-testid=free-pages]")?.textContent;
  const all = [`The machine ${moment}`, disks.length > 0 && (disks.length === 1 ? "one disk" : `${disks.length} disks`), free && `${free} pages of swap free`];
  return `${all.filter(Boolean).join("; ")}. Swap Playground.`;
}

function heading(stage, name) {
  const tab = stage.querySelector("[role=tab][aria-selected=true]")?.textContent;
  const what = name === "The view" ? (tab ?? name) : name;
  const label = stage.getAttribute("aria-label");
  return label ? `${label}: ${what}` : what;
}

// Draws a part of a stage in the colours of a theme, and leaves all as it was. Nothing of it is on the screen: the browser
// shows a page only when there is nothing left to do at once, and canvases are painted at once.
async function record(carrier, setTheme, part, theme) {
  const before = carrier.dataset.theme;
  // As the browser says colours: the style sheet has both in one.
  const resolved = (name) => {
    part.style.setProperty("outline-color", `var(${name})`);
    const css = getComputedStyle(part).outlineColor;
    part.style.removeProperty("outline-color");
    return css;
  };
  carrier.dataset.still = "";
  const place = part.getBoundingClientRect();
  const origin = { left: Math.floor(place.left), top: Math.floor(place.top) };
  const borrowed = borrow(part, origin, () => resolved("--ground"));
  try {
    setTheme(carrier, theme);
    for (let turns = 0; turns < 200 && !borrowed.painted(); turns += 1) await null;
    // On a busy machine the rest comes later, and what is between may be seen.
    for (let turns = 0; turns < 300 && !borrowed.painted(); turns += 1) await new Promise((on) => setTimeout(on, 10));
    if (!borrowed.painted()) throw new Error("a canvas was not painted");
    const sheet = new Sheet();
    draw(sheet, part, origin, borrowed.sheets);
    const [ink, muted, ground] = ["--ink", "--muted", "--ground"].map(resolved);
    return { body: sheet.toString(), width: Math.ceil(place.width), height: Math.ceil(Math.min(place.bottom - origin.top, sheet.low)), ink, muted, ground };
  } finally {
    borrowed.giveBack();
    setTheme(carrier, before);
    // Asked for, styles are worked out now: nothing is to fade into colours that it has had all the time.
    void getComputedStyle(part).color;
    delete carrier.dataset.still;
  }
}

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const button = (id, text, more = {}) => element("button", { type: "button", "data-testid": `picture-${id}`, ...more }, text);

function field(id, text, input) {
  input.id = `picture-${id}`;
  input.dataset.testid = `picture-${id}`;
  return element("div", { class: "field" }, element("label", { for: input.id }, text), input);
}

function choices(id, pairs) {
  return element("select", {}, ...pairs.map(([value, text]) => element("option", { value }, text)));
}

// Hands a file to the browser, which puts it where downloads go.
function save(blob, name) {
  const url = URL.createObjectURL(blob);
  element("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

// The dialog. `carrier` has the theme, which `setTheme` changes; `stage` is what there are pictures of.
export function offer(carrier, setTheme, stage) {
  const parts = PARTS.map(([name, place, drawn]) => [name, stage.querySelector(place)?.checkVisibility() && stage.querySelector(drawn)]).filter(([, part]) => part);
  const what = choices("what", parts.map(([name], i) => [i, i === 0 && name === "The view" ? heading(stage, name) : name]));
  const title = element("input", { type: "text", value: heading(stage, parts[0][0]) });
  const caption = element("textarea", { rows: "2", spellcheck: "false" });
  caption.value = words(stage);
  const theme = choices("theme", [["light", "Light, for paper"], ["dark", "Dark"]]);
  const scale = choices("scale", [["1", "As on the screen"], ["2", "Twice as fine"], ["3", "Three times as fine"]]);
  scale.value = "2";
  const preview = element("img", { class: "picture-preview", alt: "The picture as it will be", "data-testid": "picture-preview" });
  const said = element("p", { role: "status", "data-testid": "picture-said" });
  const [svg, png, copy] = [button("svg", "Save as SVG"), button("png", "Save as PNG", { class: "primary" }), button("copy", "Copy as PNG")];
  const close = element("button", { type: "button", class: "round", "aria-label": "Close", title: "Close (Escape)" }, "×");
  const dialog = element(
    "dialog",
    { class: "modal wide picture-dialog", "aria-labelledby": "picture-heading", "data-testid": "picture-dialog" },
    element(
      "div",
      { class: "modal-body" },
      element("div", { class: "panel-head" }, element("h2", { id: "picture-heading" }, "Picture"), close),
      element(
        "div",
        { class: "picture-fields" },
        field("what", "Of", what),
        field("theme", "Colours", theme),
        field("scale", "PNG", scale),
        field("title", "Title", title),
        field("caption", "Caption", caption),
      ),
      preview,
      element("div", { class: "form-end" }, said, copy, svg, png),
    ),
  );

  let recorded;
  let picture;
  let shown;
  const frame = () => {
    picture = framed({ ...recorded, title: title.value, caption: caption.value });
    if (shown) URL.revokeObjectURL(shown);
    preview.src = shown = URL.createObjectURL(new Blob([picture.svg], { type: "image/svg+xml" }));
  };
  const attempt = async (doing, done) => {
    said.textContent = "";
    try {
      await doing();
      said.textContent = done;
    } catch (error) {
      said.textContent = `That did not work: ${error.message}.`;
    }
  };
  const again = () =>
    attempt(async () => {
      recorded = await record(carrier, setTheme, parts[what.value][1], theme.value);
      frame();
    }, "");
  const name = (kind) => `swap-${(title.value || "picture").trim().replace(/[^A-Za-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 60).toLowerCase() || "picture"}.${kind}`;
  const bitmap = () => raster(picture, Number(scale.value));

  what.addEventListener("change", () => {
    title.value = heading(stage, parts[what.value][0]);
    again();
  });
  theme.addEventListener("change", again);
  for (const input of [title, caption]) input.addEventListener("input", frame);
  svg.addEventListener("click", () => attempt(() => save(new Blob([picture.svg], { type: "image/svg+xml" }), name("svg")), "Saved."));
  png.addEventListener("click", () => attempt(async () => save(await bitmap(), name("png")), "Saved."));
  copy.addEventListener("click", () =>
    // Asked for at once: a browser lets nobody copy later.
    attempt(() => navigator.clipboard.write([new ClipboardItem({ "image/png": bitmap() })]), "Copied."),
  );
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  // Keys in a dialog are nobody else's.
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  dialog.addEventListener("close", () => {
    dialog.remove();
    URL.revokeObjectURL(shown);
  });
  // With the stage it goes.
  stage.append(dialog);
  dialog.showModal();
  again();
}
