// The program in Node; it leaves what the machine handed over as literals of their types in values.ts, for tsc.

import * as api from 'swap-pager';

import { check, samples } from './program.js';

declare const process: { argv: string[] };
declare global {
    interface ImportMeta {
        resolve(specifier: string): string;
    }
}
// Node's own types are not needed for more.
const { readFileSync, writeFileSync } = (await import('node:fs' as string)) as {
    readFileSync(file: URL, coding: 'utf8'): string;
    writeFileSync(file: string, text: string): void;
};

const passed = await check(api);
for (const name of passed) console.log(`ok  ${name}`);

/** One of each shape: the keys, and what kind of value each has. */
function shape(value: unknown): string {
    if (Array.isArray(value)) return `[${[...new Set(value.map(shape))].sort().join()}]`;
    if (typeof value !== 'object' || value === null) return typeof value === 'string' ? JSON.stringify(value) : String(value === null ? null : typeof value);
    return `{${Object.entries(value).map(([key, of]) => `${key}:${['text', 'name'].includes(key) ? typeof of : shape(of)}`).join()}}`;
}

const literals = (values: unknown[]) => {
    const shapes = new Map(values.map((value) => [shape(value), value]));
    return `[\n${[...shapes.values()].map((value) => `    ${JSON.stringify(value)},\n`).join('')}]`;
};
const { events, results, commands, snapshots, tree } = await samples(api);
const file = process.argv[2];
if (file) {
    writeFileSync(
        file,
        `import type { BlistImage, Command, MachineEvent, OpResult, Result, Snapshot } from 'swap-pager';
export const events: MachineEvent[] = ${literals(events)};
export const results: (Result | OpResult)[] = ${literals(results)};
export const commands: Command[] = ${literals(commands)};
export const snapshots: Snapshot[] = ${literals(snapshots)};
export const tree: BlistImage | null = ${JSON.stringify(tree)};
`,
    );
}

/** The kinds that the types tell of, by the key that names them. */
const types = readFileSync(new URL('./types.d.ts', import.meta.resolve('swap-pager')), 'utf8');
const told = (key: string) => [...new Set(Array.from(types.matchAll(new RegExp(`\\b${key}: "(\\w+)"`, 'g')), ([, kind]) => kind))];
const seen = new Set<string | undefined>([...events.map(({ ev }) => ev), ...commands.map(({ cmd }) => cmd), ...results.map(({ result }) => result)]);
const missing = [...told('ev'), ...told('cmd'), ...told('result')].filter((kind) => !seen.has(kind));
if (missing.length > 0 || told('ev').length < 30) throw new Error(`no sample of ${missing.join(', ')}`);
console.log(`ok  ${events.length} events, of all ${told('ev').length} kinds; all commands and results`);
