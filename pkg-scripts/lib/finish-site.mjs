// Finishes a built site, before trunk puts it in place: the page's script becomes a file, so that the page can
// forbid scripts within it; the release also gets its security policy, its manifest and its service worker.
// trunk calls it (Trunk.toml) and says where the site is.

import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { makeProgram } from "./program.mjs";

const site = process.env.TRUNK_STAGING_DIR;
const source = process.env.TRUNK_SOURCE_DIR;
if (!site || !source) throw new Error("trunk starts this: it needs TRUNK_STAGING_DIR and TRUNK_SOURCE_DIR");
const release = process.env.TRUNK_PROFILE === "release";

const hash = (bytes) => createHash("sha256").update(bytes).digest("hex").slice(0, 16);
const www = (name) => path.join(source, "www", name);

// Writes a file with the hash of its content in its name, and returns that name.
async function place(name, bytes) {
  const { name: stem, ext } = path.parse(name);
  const placed = `${stem}-${hash(bytes)}${ext}`;
  await writeFile(path.join(site, placed), bytes);
  return placed;
}

// Exactly one match, or the build fails: what trunk writes has changed then.
function replace(text, pattern, replacement) {
  const found = text.match(new RegExp(pattern, "g"))?.length ?? 0;
  if (found !== 1) throw new Error(`${found} places match ${pattern}, and not one: has trunk or the source changed?`);
  return text.replace(new RegExp(pattern), () => replacement);
}

function only(names, pattern) {
  const found = names.filter((name) => pattern.test(name));
  if (found.length !== 1) throw new Error(`${found.length} files match ${pattern}: ${found.join(", ")}`);
  return found[0];
}

// What the page may do: its own files, the program, pictures it makes itself. Nothing from another origin, no script
// and no style in the page. A frame's parent is not limited here (a <meta> cannot): embedding is wanted.
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

// The style sheet for a shadow tree on somebody else's page: the same rules, but measured by the element and not by
// the window, with a unit of our own for "rem", which is the host's, and with colours and fonts that the host can set.
function embedded(css) {
  const variables = (block) =>
    block
      .replace(/--([\w-]+): ([^;]+);/g, (_, name, value) => `--${name}: var(--swap-playground-${name}, ${value});`)
      .replace(/font: 15px\/1\.45 ([^;]+);/, "--rem: 15px; font: 15px/1.45 var(--swap-playground-font, $1);");
  // Nothing that the host's elements pass on comes in.
  return `.playground { all: initial; display: block; }\n${css}`
    .replace(/\/\*[^]*?\*\//g, "")
    .replace(/^:root \{[^]*?^\}/gm, variables)
    .replace(/:root \{ font-size: (\d+px); \}/g, ".playground { --rem: $1; font-size: $1; }")
    .replace(/^html, body \{[^}]*\}\n/m, ".playground { block-size: 100%; }\n")
    .replace(/^body \{/m, ".playground {")
    .replaceAll(":root", ".playground")
    .replace(/(-?[\d.]+)rem\b/g, "calc($1 * var(--rem))")
    .replace(/@media \(((?:max|min)-width: \d+px)\)/g, "@container playground ($1)")
    .replaceAll("height: 100dvh;", "height: 100%;")
    .replace(/\n\s*/g, "\n");
}

// Sources of documentation that is built elsewhere, with what builds it.
await rm(path.join(site, "examples", "hosts"), { recursive: true, force: true });

// What a lesson says of itself before its first table: strings and numbers, a line each.
function told(file, toml, name) {
  const head = toml.split(/^\[/m)[0];
  const value = head.match(new RegExp(`^${name}\\s*=\\s*("(?:[^"\\\\]|\\\\.)*"|\\d+)\\s*(?:#.*)?$`, "m"))?.[1];
  if (value === undefined) throw new Error(`www/lessons/${file} doesn't say its ${name} in a line before the first [table]`);
  return JSON.parse(value);
}

// The lessons, and a list of them: both are fetched only when somebody wants to learn. Their names stay, since
// links name them.
async function lessons() {
  const files = (await readdir(www("lessons"))).filter((name) => name.endsWith(".toml")).sort();
  await mkdir(path.join(site, "lessons"), { recursive: true });
  const served = {};
  const list = [];
  for (const file of files) {
    const toml = await readFile(www(path.join("lessons", file)), "utf8");
    const [, number, id] = file.match(/^(\d*)-?(.*)\.toml$/);
    const entry = { id, file, number: Number(number) || undefined };
    for (const name of ["title", "summary", "minutes"]) entry[name] = told(file, toml, name);
    list.push(entry);
    served[`lessons/${file}`] = toml;
  }
  served["lessons/index.json"] = JSON.stringify(list, null, 1);
  for (const [name, text] of Object.entries(served)) await writeFile(path.join(site, name), text);
  return served;
}

const built = await readdir(site);
const learned = await lessons();
let glue = only(built, /^swap-playground-.*\.js$/);
let program = only(built, /^swap-playground-.*_bg\.wasm$/);
let page = await readFile(path.join(site, "index.html"), "utf8");
if (release) {
  const made = await makeProgram({ site, glue, program, whole: process.env.SWAP_PLAYGROUND_PROGRAM });
  for (const [old, fresh] of [
    [glue, made.glue],
    [program, made.program],
  ]) {
    // trunk has written checksums of the files that were.
    const integrity = `sha384-${createHash("sha384").update(await readFile(path.join(site, fresh))).digest("base64")}`;
    page = page.replace(new RegExp(`(href="[^"]*)${old}("[^>]*integrity=")[^"]*`, "g"), (_, href, between) => href + fresh + between + integrity);
  }
  ({ glue, program } = made);
  // They are on their way while the program itself is.
  const hints = made.first.map((name) =>
    name.endsWith(".js")
      ? `<link rel="modulepreload" href="./${name}" crossorigin="anonymous">`
      : `<link rel="preload" href="./${name}" crossorigin="anonymous" as="fetch" type="application/wasm">`,
  );
  page = replace(page, "</head>", `${hints.join("")}</head>`);
}

const frame = await place("frame.mjs", await readFile(www("frame.mjs")));
const vector = await place("vector.mjs", await readFile(www("vector.mjs")));
let pictures = await readFile(www("pictures.mjs"), "utf8");
pictures = await place("pictures.mjs", replace(pictures, "\\./vector\\.mjs", `./${vector}`));
let host = await readFile(www("host.mjs"), "utf8");
host = await place("host.mjs", replace(host, "\\./pictures\\.mjs", `./${pictures}`));

let start = await readFile(www("start.mjs"), "utf8");
start = replace(start, "\\./program\\.js", `./${glue}`);
start = replace(start, "\\./frame\\.mjs", `./${frame}`);
start = replace(start, "\\./host\\.mjs", `./${host}`);
start = replace(start, "\\./program_bg\\.wasm", `./${program}`);
start = replace(start, "PROGRAM_BYTES = 0", `PROGRAM_BYTES = ${(await stat(path.join(site, program))).size}`);
if (release) {
  const offline = await place("offline.mjs", await readFile(www("offline.mjs")));
  start += `\nimport("./${offline}").then(({ keepOffline }) => keepOffline());\n`;
}
const started = await place("start.mjs", start);

const sheets = (await readFile(www("../index.html"), "utf8")).matchAll(/rel="css" href="([^"]+)"/g);
const rules = await Promise.all([...sheets].map(([, name]) => readFile(path.join(source, name), "utf8")));
const style = await place("embed.css", embedded(rules.join("\n")));
let element = await readFile(www("element.mjs"), "utf8");
element = replace(element, "\\./program\\.js", `./${glue}`);
element = replace(element, "\\./program_bg\\.wasm", `./${program}`);
element = replace(element, "\\./embed\\.css", `./${style}`);
element = replace(element, "\\./host\\.mjs", `./${host}`);
// The one file whose name stays: pages name it. Pages load it before anything is wanted of it: it goes without comments.
await writeFile(path.join(site, "swap-playground.js"), element.replace(/^\s*\/\/.*\n/gm, ""));

// The window of who presents. Its name stays too: the program names it.
let speaker = await readFile(www("speaker/speaker.html"), "utf8");
for (const name of ["speaker.css", "speaker.mjs"]) {
  speaker = replace(speaker, `\\./${name}`, `./${await place(name, await readFile(www(path.join("speaker", name))))}`);
}
speaker = replace(speaker, "\\./favicon\\.svg", `./${only(built, /^favicon-.*\.svg$/)}`);
const forbidding = '<meta charset="utf-8" />\n    <meta http-equiv="Content-Security-Policy" content="' + POLICY + '" />';
if (release) speaker = replace(speaker, '<meta charset="utf-8" />', forbidding);
await writeFile(path.join(site, "speaker.html"), speaker);

// Browsers don't look at the checksum of what is only fetched in advance, and complain of it.
page = page.replace(/(<link rel="preload"[^>]*?) integrity="[^"]*"/g, "$1");
// A frame in a sandbox is of no origin: what has a checksum has to be asked for as from another.
page = page.replaceAll('<link rel="stylesheet" href=', '<link rel="stylesheet" crossorigin="anonymous" href=');
page = page.replaceAll('<link rel="icon" href=', '<link rel="icon" crossorigin="anonymous" href=');
const waiting = await place("waiting.js", await readFile(www("waiting.js")));
const scripts = `<script src="./${waiting}"></script>\n<script type="module" src="./${started}"></script>`;
page = replace(page, '<script type="module">[^]*?</script>', scripts);
if (release) {
  const icons = {};
  for (const name of await readdir(www("icons"))) {
    icons[`./${name}`] = `./${await place(name, await readFile(www(path.join("icons", name))))}`;
  }
  icons["./favicon.svg"] = `./${only(built, /^favicon-.*\.svg$/)}`;
  const manifest = JSON.parse(await readFile(www("manifest.webmanifest"), "utf8"));
  for (const icon of manifest.icons) {
    if (!icons[icon.src]) throw new Error(`www/manifest.webmanifest names ${icon.src}, which is not in www/icons`);
    icon.src = icons[icon.src];
  }
  const manifested = await place("manifest.webmanifest", JSON.stringify(manifest));
  page = replace(
    page,
    '<meta charset="utf-8" />',
    `${forbidding}\n    <link rel="manifest" href="./${manifested}" />`,
  );
}
await writeFile(path.join(site, "index.html"), page);

if (release) {
  // For hosts that read such a file: the policy as a header too, and leave for frames in a sandbox, which are of no
  // origin, to load the site's files. What has its content's hash in its name never changes.
  const entries = (await readdir(site, { withFileTypes: true })).filter((entry) => entry.isFile());
  const files = entries.map(({ name }) => name).sort();
  const hashed = files.filter((name) => /-[0-9a-f]{16}(_\w+)?\.\w+$/.test(name));
  const longLived = hashed.map((name) => `/${name}\n  Cache-Control: public, max-age=31536000, immutable\n`);
  const everywhere = `/*\n  Content-Security-Policy: ${POLICY}\n  Access-Control-Allow-Origin: *\n`;
  await writeFile(path.join(site, "_headers"), everywhere + longLived.join(""));
  // The page and what it needs, the lessons, and the pages for teachers; not the examples.
  const plain = files.filter((name) => !["index.html", "_headers", "sw.js"].includes(name));
  const taught = (await readdir(path.join(site, "teach"))).sort().map((name) => `teach/${name}`);
  const guide = await Promise.all(taught.map((name) => readFile(path.join(site, name), "utf8")));
  const kept = [...plain, ...Object.keys(learned).sort(), "teach/", ...taught];
  // All other names carry the hash of what is in the file.
  const version = hash([...kept, page, element, speaker, ...Object.values(learned), ...guide].join("\n"));
  let worker = await readFile(www("sw.js"), "utf8");
  worker = replace(worker, 'VERSION = ""', `VERSION = ${JSON.stringify(version)}`);
  worker = replace(worker, "FILES = \\[\\]", `FILES = ${JSON.stringify(["./", ...kept.map((name) => `./${name}`)])}`);
  await writeFile(path.join(site, "sw.js"), worker);
} else {
  // A release that was served from the same place before would go on answering from its cache.
  const farewell = `self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.registration.unregister()));
`;
  await writeFile(path.join(site, "sw.js"), farewell);
}
