// What the program of a release site comes to: node sizes.mjs SITE

import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { brotliCompressSync } from "node:zlib";
import { sharedFiles } from "./program.mjs";

const [site] = process.argv.slice(2);
const files = readdirSync(site).filter((name) => /^swap-playground-\w+\.(wasm|js)$/.test(name));
const link = files.find((name) => name.endsWith("_parts.js"));
const shared = link ? sharedFiles(readFileSync(path.join(site, link), "utf8")) : [];
const usedBy = new Map(shared.map(({ file, parts }) => [file, parts]));

const rows = files.map((name) => {
  const bytes = readFileSync(path.join(site, name));
  const part = name.match(/_split_(\w+)\.wasm$/)?.[1];
  const what = part ? `the part ${part}` : usedBy.has(name) ? `shared by ${usedBy.get(name).join(", ")}` : name.endsWith("_bg.wasm") ? "the program" : name === link ? "what fetches parts" : "what the browser offers it";
  return { name, what, raw: bytes.length, sent: brotliCompressSync(bytes).length, parts: part ? [part] : usedBy.get(name) };
});

const print = (what, raw, sent) => console.log(what.padEnd(34), String(raw).padStart(10), String(sent).padStart(10));
print("", "bytes", "brotli");
for (const { what, raw, sent } of rows.sort((a, b) => b.sent - a.sent)) print(what, raw, sent);
console.log();
const sum = (what, wanted) => {
  const chosen = rows.filter((row) => row.name.endsWith(".wasm")).filter(wanted);
  print(what, ...["raw", "sent"].map((field) => chosen.reduce((all, row) => all + row[field], 0)));
};
const program = (row) => row.what === "the program";
sum("WebAssembly: the program", program);
sum("with all of the first screen", (row) => program(row) || row.parts?.includes("stage"));
sum("everything", () => true);
