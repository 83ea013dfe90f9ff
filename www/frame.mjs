// The page in a frame: what it tells the page around it, and what that page may ask of it. Outside of a frame
// nothing is told and nothing is listened to.
//
// To the parent:   { source: "swap-playground", kind, ... }; kind is ready, height, event, step, answer, error or result.
// From the parent: { target: "swap-playground", id, call, args }, with call one of CALLS; the answer is a result with
//                  the same id, and either value or error.
//
// Who may ask: the page's own origin, and those named in the frame's address with allow=https://one.example,… .

const CALLS = {
  run: { args: ["string"], result: false },
  step: { args: ["number"], result: false },
  seek: { args: ["number"], result: false },
  snapshot: { args: [], result: true },
  reset: { args: [], result: false },
};

// The origin of an address, or nothing if it is none. Not URL.parse: Safari 17 and Firefox 125 lack it.
function originOf(address) {
  try {
    return new URL(address).origin;
  } catch {
    return undefined;
  }
}

function allowedOrigins() {
  const named = new URLSearchParams(location.search).get("allow") ?? "";
  const origins = named.split(/[\s,]+/).filter(Boolean);
  // "null" is the origin of every sandboxed frame: to allow it would be to allow anybody.
  const bad = origins.filter((origin) => origin === "null" || originOf(origin) !== origin);
  const good = origins.filter((origin) => !bad.includes(origin));
  // In a sandbox the page's own origin is "null" too.
  if (location.origin !== "null" && self.origin !== "null") good.push(location.origin);
  return { good, bad };
}

// Whether only pages of this very origin are around the frame. They can read what it stores anyway.
function isAmongItsOwn() {
  try {
    return window.parent.origin === self.origin && window.top.origin === self.origin;
  } catch {
    return false;
  }
}

// Takes the wish for the disks that are stored out of the attributes of a frame in somebody else's page, and returns
// whether there was one: who frames the page chooses its address, and with allow=… who may ask.
function takeWish(attributes) {
  const wishes = attributes.filter(([name, value]) => name === "storage" && value === "indexeddb");
  // A frame in a sandbox has no origin, so no disks are stored for it either.
  if (window.parent === window || wishes.length === 0 || self.origin === "null" || isAmongItsOwn()) return false;
  for (const wish of wishes) wish[1] = "memory";
  return true;
}

// Asks the visitor, whose disks they are.
function askForDisks(playground) {
  const [around] = location.ancestorOrigins ?? [];
  const who = around ?? originOf(document.referrer) ?? "The page around";
  const bar = document.createElement("div");
  bar.id = "ask-disks";
  bar.setAttribute("role", "status");
  const text = document.createElement("span");
  text.textContent = `${who} would like to use the disks that Swap Playground stores on this device. It may be able to read and change them.`;
  const answers = [
    ["Let it use them", () => playground.set("storage", "indexeddb")],
    ["Stay in memory", () => {}],
  ];
  const buttons = answers.map(([words, act]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words;
    button.addEventListener("click", () => {
      bar.remove();
      act();
    });
    return button;
  });
  bar.append(text, ...buttons);
  document.body.append(bar);
}

// What is wrong with a call, or nothing.
function fault({ call, args }) {
  if (typeof call !== "string" || !Object.hasOwn(CALLS, call)) {
    return `There is no call "${call}": there are ${Object.keys(CALLS).join(", ")}.`;
  }
  const wanted = CALLS[call].args;
  if (!Array.isArray(args) || args.length !== wanted.length || args.some((arg, i) => typeof arg !== wanted[i])) {
    return `${call} takes ${wanted.length === 0 ? "no arguments" : `one argument, a ${wanted[0]}`}.`;
  }
  return null;
}

// Starts the playground with these attributes and what it is to tell things to.
export function serve(attributes, start) {
  if (window.parent === window) {
    start((kind, detail) => {
      if (kind === "error") console.warn(`Swap Playground: ${detail.message}`);
    });
    return;
  }
  const { good, bad } = allowedOrigins();
  // Nothing that is told is a secret: a parent may hear it, whoever it is.
  const tell = (message) => window.parent.postMessage({ source: "swap-playground", ...message }, "*");
  for (const origin of bad) tell({ kind: "error", message: `allow has "${origin}", which is no origin: https://host, without a path.` });
  let asks = takeWish(attributes);
  const playground = start((kind, detail) => {
    tell({ kind, ...detail });
    // The program empties the page when it begins.
    if (asks && kind === "ready") {
      asks = false;
      askForDisks(playground);
    }
  });
  addEventListener("message", ({ data, origin, source }) => {
    if (source !== window.parent || data?.target !== "swap-playground") return;
    const answer = (result) => tell({ kind: "result", id: data.id ?? null, ...result });
    if (!good.includes(origin)) {
      answer({ error: `${origin} may not ask: name it in the frame's address with allow=${origin}.` });
      return;
    }
    const args = data.args ?? [];
    const wrong = fault({ call: data.call, args });
    if (wrong) {
      answer({ error: wrong });
      return;
    }
    try {
      const value = playground[data.call](...args);
      answer(CALLS[data.call].result ? { value } : {});
    } catch (error) {
      answer({ error: error.message });
    }
  });
  // The stage fills whatever height it has; what it would like is told, and told again when its width changes.
  let told = 0;
  const measure = () => {
    const height = Math.round(Math.min(820, Math.max(420, document.documentElement.clientWidth * 0.62)));
    if (height !== told) tell({ kind: "height", height: (told = height) });
  };
  new ResizeObserver(measure).observe(document.documentElement);
}
