// Loads the program and shows how far that has got; says so plainly when it cannot start.
// pkg-scripts/lib/finish-site.mjs puts the names and the size of the built files in here.

import init, { Playground } from "./program.js";
import { serve } from "./frame.mjs";
import { attend, setTheme } from "./host.mjs";

const PROGRAM = new URL("./program_bg.wasm", import.meta.url);
const PROGRAM_BYTES = 0;

const loading = document.getElementById("loading");
const bar = document.getElementById("loading-bar");

function fail(reason) {
  // The program empties the page when it starts; what fails after that is the program's to tell.
  if (!loading?.isConnected) return;
  const message = document.createElement("p");
  message.setAttribute("role", "alert");
  message.textContent =
    `Swap Playground could not start: ${reason?.message ?? reason}. ` +
    "It needs a browser with WebAssembly (any of the last years has it) and an unbroken connection " +
    "while it loads. Reload the page to try again.";
  for (const part of loading.querySelectorAll("label, progress")) part.remove();
  loading.append(message);
}

// A program that has come to a trap can't go on. What is stored stays as it is.
function stop({ error, reason }) {
  const trap = error ?? reason;
  if (!(trap instanceof WebAssembly.RuntimeError) || document.querySelector(".stopped")) return;
  const box = document.createElement("section");
  box.className = "stopped";
  box.dataset.testid = "stopped";
  box.setAttribute("role", "alertdialog");
  box.setAttribute("aria-labelledby", "stopped-title");
  box.innerHTML = `<h2 id="stopped-title">Swap Playground has stopped</h2>
    <p>Something went wrong in the program, and it can't go on. What is stored on this device is kept: reload the page to go on from there.</p>
    <p>If it happens again, please report it, with what you did before and these lines:</p>
    <pre tabindex="0" aria-label="Details"></pre>
    <div><button type="button" class="primary">Reload</button><button type="button">Hide</button></div>`;
  box.querySelector("pre").textContent = `${location.pathname}\n${trap.stack ?? trap}`;
  const [reload, hide] = box.querySelectorAll("button");
  reload.addEventListener("click", () => location.reload());
  hide.addEventListener("click", () => box.remove());
  document.body.append(box);
  reload.focus();
}
addEventListener("error", stop);
addEventListener("unhandledrejection", stop);

function showProgress(bytes) {
  if (!bar) return;
  bar.max = PROGRAM_BYTES;
  bar.value = Math.min(bytes, PROGRAM_BYTES);
}

// The same response, read through a stream that counts.
async function fetchProgram() {
  const response = await fetch(PROGRAM, { credentials: "same-origin" });
  if (!response.ok) throw new Error(`the server answered ${response.status} for ${PROGRAM.pathname}`);
  if (!response.body) return response;
  let bytes = 0;
  const counter = new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      showProgress(bytes);
      controller.enqueue(chunk);
    },
  });
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(counter), { status, statusText, headers });
}

try {
  await init({ module_or_path: await fetchProgram() });
  const attributes = [...new URLSearchParams(location.search)];
  // A link of a session. Another one, typed or followed while the page is open, is opened as if anew.
  const link = () => (location.hash.startsWith("#session=") ? location.hash : undefined);
  const opened = link();
  if (opened) attributes.push(["session", opened]);
  addEventListener("hashchange", () => {
    if (link() !== opened) location.reload();
  });
  // Last, so that nothing in the address can say otherwise.
  attributes.push(["site", new URL("./", import.meta.url).href]);
  const theme = new URLSearchParams(location.search).get("theme");
  if (theme === "light" || theme === "dark") setTheme(document.documentElement, theme);
  attend(document.documentElement, document.body);
  serve(attributes, (tell) => new Playground(document.body, window.parent === window, attributes, tell));
} catch (reason) {
  fail(reason);
}
