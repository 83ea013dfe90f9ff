// What a playground has to do with the page it is in: it is light on paper whatever it is on the screen, it keeps the
// keys to itself that are pressed for it, and pictures are made of it. Both the site's own page and the element load it.

const PICTURES = new URL("./pictures.mjs", import.meta.url);
// Those who paint hear this where no attribute of the document's root tells them that colours change.
const COLORS = "swap-playground-colors";

// A stage is what carries `data-theme`: the root of the site's page, or what is in an element's shadow tree. Canvases
// are painted anew before anything else happens: in microtasks.
export function setTheme(stage, theme) {
  if (theme) stage.dataset.theme = theme;
  else delete stage.dataset.theme;
  if (stage !== document.documentElement) dispatchEvent(new Event(COLORS));
}

const stages = new Set();
// What they are on the screen, while they are printed.
let onScreen;

// A canvas whose painter doesn't get its turn before the page is printed is inverted there, by the style sheet: the
// browser waits for nothing. A painter begins with asking for the context.
function mayBeLate(stage) {
  for (const canvas of stage.querySelectorAll("canvas")) {
    const [red, green, blue] = getComputedStyle(canvas.parentElement).color.match(/[\d.]+/g).map(Number);
    // Letters are light where it is dark.
    if (red + green + blue < 384) continue;
    canvas.dataset.late = "";
    canvas.getContext = (...kind) => {
      inTime(canvas);
      return canvas.getContext(...kind);
    };
  }
}

function inTime(canvas) {
  delete canvas.getContext;
  delete canvas.dataset.late;
}

function toPaper() {
  if (onScreen) return;
  onScreen = new Map([...stages].map((stage) => [stage, stage.dataset.theme]));
  for (const stage of onScreen.keys()) {
    mayBeLate(stage);
    setTheme(stage, "light");
  }
}

function toScreen() {
  onScreen?.forEach((theme, stage) => {
    stage.querySelectorAll("canvas[data-late]").forEach(inTime);
    setTheme(stage, theme);
  });
  onScreen = undefined;
  turned();
}

// While paper is looked at on the screen only the second is told.
addEventListener("beforeprint", toPaper);
addEventListener("afterprint", toScreen);
matchMedia("print").addEventListener("change", ({ matches }) => (matches ? toPaper() : toScreen()));

// Pages turn dark by an attribute of theirs, or with the system. On paper nothing is dark, whoever says so.
const followers = new Set();
function turned() {
  if (!onScreen) followers.forEach((changed) => changed());
}
const observer = new MutationObserver(turned);
for (const part of [document.documentElement, document.body]) if (part) observer.observe(part, { attributes: true });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", turned);

// Calls `changed` whenever the colours of the page around may have changed, until what is returned is called.
export function follow(changed) {
  followers.add(changed);
  return () => followers.delete(changed);
}

const attended = new WeakSet();

// Looks after a stage in an element's shadow tree, or after that of the page, which is its own root.
export function attend(stage, root) {
  stages.add(stage);
  if (attended.has(root)) return;
  attended.add(root);
  root.addEventListener("click", offerPicture);
  root.addEventListener("click", submit);
  if (root instanceof ShadowRoot) keepKeys(root);
}

// Forms go nowhere: whoever has to do with one hears that it is sent. In a sandbox without `allow-forms` the browser
// would not even say that. Enter in a field is a click on the form's button, too.
function submit(event) {
  const button = event.target.closest?.("button[type=submit]");
  if (!button?.form) return;
  event.preventDefault();
  button.form.dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true, submitter: button }));
}

async function offerPicture({ target }) {
  const button = target.closest?.("[data-picture]");
  if (!button) return;
  try {
    const { offer } = await import(PICTURES.href);
    offer(button.closest(":root, .playground"), setTheme, button.closest(".stage"));
  } catch (error) {
    console.warn(`Swap Playground: pictures could not be loaded: ${error.message}`);
  }
}

// Keys that go through what has the focus.
const MOVING = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End", " "];
const FIELDS = "input, textarea, select, [contenteditable]";

// Keys that mean something in the playground are none of the page around: it would turn a page, or open its search.
// It can't see that itself, since all that happens in a shadow tree looks to it as if it had happened to the element.
function keepKeys(root) {
  for (const kind of ["keydown", "keypress", "keyup"]) {
    root.addEventListener(kind, (event) => {
      const others = event.ctrlKey || event.metaKey || event.altKey;
      const typed = !others && event.target.closest?.(FIELDS);
      if (event.defaultPrevented || typed || (!others && MOVING.includes(event.key))) event.stopPropagation();
    });
  }
}
