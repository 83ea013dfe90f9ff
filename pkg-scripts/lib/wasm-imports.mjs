// Gives the imports of a program short names, in the program and in the script that provides them. wasm-bindgen's have
// the name of a function and a checksum each, which compress badly.

function readNumber(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return [value, at];
  }
}

function number(value) {
  const bytes = [];
  do {
    bytes.push(value > 127 ? (value % 128) | 128 : value);
    value = Math.floor(value / 128);
  } while (value > 0);
  return Buffer.from(bytes);
}

function readName(bytes, at) {
  const [length, start] = readNumber(bytes, at);
  return [bytes.toString("utf8", start, start + length), start + length];
}

const name = (text) => Buffer.concat([number(Buffer.byteLength(text)), Buffer.from(text)]);

// Where the description of an import ends, whose kind is at `at`.
function afterKind(bytes, at) {
  const limits = (from) => {
    const [flags, min] = readNumber(bytes, from);
    const [, max] = readNumber(bytes, min);
    return flags & 1 ? readNumber(bytes, max)[1] : max;
  };
  switch (bytes[at]) {
    case 0: // a function: its type
      return readNumber(bytes, at + 1)[1];
    case 1: // a table: what is in it, and how much
      return limits(at + 2);
    case 2: // memory
      return limits(at + 1);
    case 3: // a global
      return at + 3;
    default:
      throw new Error(`an import of the unknown kind ${bytes[at]}`);
  }
}

// The script's object of imports, by its name in the program.
const PROVIDED = /^\s*"(\.\/[\w-]+_bg\.js)": import0,$/m;

export function renameImports(js, wasm) {
  const provided = js.match(PROVIDED)?.[1];
  if (!provided) throw new Error("wasm-bindgen's script has no object of imports where it had one: has it changed?");
  const sections = [wasm.subarray(0, 8)];
  for (let at = 8; at < wasm.length; ) {
    const id = wasm[at];
    const [length, start] = readNumber(wasm, at + 1);
    const end = start + length;
    if (id === 2) {
      let [count, from] = readNumber(wasm, start);
      const imports = [number(count)];
      while (count-- > 0) {
        const [module, field] = readName(wasm, from);
        const [old, kind] = readName(wasm, field);
        from = afterKind(wasm, kind);
        let short = old;
        if (module === provided) {
          short = `_${imports.length.toString(36)}`;
          js = once(js, `\n        ${old}: `, `\n        ${short}: `);
        }
        imports.push(Buffer.concat([name(module === provided ? "w" : module), name(short), wasm.subarray(kind, from)]));
      }
      const body = Buffer.concat(imports);
      sections.push(Buffer.from([id]), number(body.length), body);
    } else {
      sections.push(wasm.subarray(at, end));
    }
    at = end;
  }
  return { js: once(js, `"${provided}": `, '"w": '), wasm: Buffer.concat(sections) };
}

function once(text, old, fresh) {
  const parts = text.split(old);
  if (parts.length !== 2) throw new Error(`${JSON.stringify(old)} stands ${parts.length - 1} times in wasm-bindgen's script: has it changed?`);
  return parts.join(fresh);
}
