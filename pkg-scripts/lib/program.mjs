// Makes the release's program of what the compiler and trunk have built: takes it apart into the parts that
// `split!` in web/src/part.rs names, makes each as small as it goes, and gives all of them names of one kind.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { renameImports } from "./wasm-imports.mjs";

const NAME = "swap-playground";
const LINK = "__wasm_split.js";

// What compiles a part: while it comes, or, as wasm-bindgen does for the main program, once it is there if the server
// sends it as something else.
const INSTANTIATE = `
async function instantiate(source, imports) {
    const response = await source;
    if (!response.ok) throw new Error(\`the server answered \${response.status} for \${response.url}\`);
    // With a parameter behind it browsers refuse the type, too.
    const streams = response.headers.get("Content-Type")?.toLowerCase() === "application/wasm";
    return streams ? WebAssembly.instantiateStreaming(response, imports) : WebAssembly.instantiate(await response.arrayBuffer(), imports);
}
`;

// The part that is wanted at once.
const FIRST = "stage";

// The features of WebAssembly are named one by one: with all of them wasm-opt writes imports that browsers refuse. What
// follows them makes the program larger as it is, but smaller compressed, as it is sent. The stack lies first in memory:
// nothing else is at its low addresses.
export const OPTIMISE = [
  "-Oz",
  ...["bulk-memory", "nontrapping-float-to-int", "sign-ext", "reference-types", "multivalue", "mutable-globals"].map(
    (feature) => `--enable-${feature}`,
  ),
  "--low-memory-unused",
  "--one-caller-inline-max-function-size=0",
  "--skip-pass=ssa-nomerge",
  "--skip-pass=local-cse",
];

const run = promisify(execFile);
const call = async (tool, args) => {
  try {
    await run(tool, args, { maxBuffer: 1 << 26 });
  } catch (error) {
    throw new Error(`${tool} failed: ${error.stderr || error.message}`);
  }
};

// `glue` and `program` are what trunk has put into the folder `site`; `whole` is the program as it was linked, if it is
// to be taken apart. Replaces the two, adds the parts, and returns the new names, with those of the files that are
// wanted at once.
export async function makeProgram({ site, glue, program, whole }) {
  const folder = await mkdtemp(path.join(tmpdir(), "program-"));
  try {
    const files = whole ? await takenApart(whole, folder) : { glue: path.join(site, glue), main: path.join(site, program), parts: {} };
    const main = await optimised(files.main, folder);
    const parts = {};
    for (const [name, file] of Object.entries(files.parts)) parts[name] = await optimised(file, folder);
    const link = files.link && (await readFile(files.link, "utf8"));
    const { js, wasm } = renameImports(await readFile(files.glue, "utf8"), main);
    // The files name each other, so they have one hash.
    const hash = createHash("sha256");
    for (const bytes of [js, wasm, link ?? "", ...Object.values(parts)]) hash.update(bytes);
    const stamp = hash.digest("hex").slice(0, 16);
    const named = (name, ext) => `${NAME}-${stamp}${name && `_${name}`}.${ext}`;
    await rm(path.join(site, glue));
    await rm(path.join(site, program));
    const write = (name, bytes) => writeFile(path.join(site, name), bytes);
    const names = { glue: named("", "js"), program: named("bg", "wasm"), first: [] };
    await write(names.glue, js.replaceAll(`from "./${LINK}"`, `from "./${named("parts", "js")}"`));
    await write(names.program, wasm);
    for (const [name, bytes] of Object.entries(parts)) await write(named(name, "wasm"), bytes);
    if (link) {
      // What is fetched before it is wanted may fail: who wants it says so.
      if (!link.includes("console.error(")) throw new Error(`${LINK} reports its failures otherwise: has wasm-split changed?`);
      const STREAMED = "WebAssembly.instantiateStreaming(src, imports)";
      if (!link.includes(STREAMED)) throw new Error(`${LINK} compiles parts otherwise: has wasm-split changed?`);
      const renamed = (link + INSTANTIATE)
        .replaceAll(STREAMED, "instantiate(src, imports)")
        .replaceAll("console.error(", "console.warn(")
        .replaceAll(`"./${NAME}.js"`, `"./${names.glue}"`)
        .replace(/"\.\/(\w+)\.wasm"/g, (_, name) => `"./${named(name, "wasm")}"`);
      await write(named("parts", "js"), renamed);
      const files = sharedFiles(renamed).filter(({ parts }) => parts.includes(FIRST));
      if (!parts[`split_${FIRST}`] || files.length === 0) throw new Error(`${LINK} doesn't say what is for ${FIRST}: has wasm-split changed?`);
      names.first = [named(`split_${FIRST}`, "wasm"), ...files.map(({ file }) => file), named("parts", "js")];
    }
    return names;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

// The files that several parts need, by what fetches parts: a comment there tells which.
export function sharedFiles(link) {
  const found = link.matchAll(/\/\* ([\w, ]+) \*\/\s*const \w+ = makeLoad[^]*?"\.\/([\w-]+\.wasm)"/g);
  return [...found].map(([, parts, file]) => ({ file, parts: parts.split(", ") }));
}

async function takenApart(whole, folder) {
  const bound = path.join(folder, "bound");
  await call("wasm-split-cli", [whole, folder, "--target", "web", "--out-name", NAME]);
  await call("wasm-bindgen", ["--target", "web", "--no-typescript", "--keep-lld-exports", "--out-dir", bound, "--out-name", NAME, path.join(folder, `${NAME}.wasm`)]);
  const parts = {};
  for (const file of await readdir(folder)) {
    const { name, ext } = path.parse(file);
    if (ext === ".wasm" && name !== NAME) parts[name] = path.join(folder, file);
  }
  return {
    glue: path.join(bound, `${NAME}.js`),
    main: path.join(bound, `${NAME}_bg.wasm`),
    link: path.join(folder, LINK),
    parts,
  };
}

async function optimised(file, folder) {
  const small = path.join(folder, "small");
  await call("wasm-opt", [file, ...OPTIMISE, ...(process.env.SWAP_PLAYGROUND_NAMES ? ["-g"] : ["--strip-debug"]), "--strip-producers", "-o", small]);
  return readFile(small);
}
