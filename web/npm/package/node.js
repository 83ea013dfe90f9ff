// For Node: the program is read from beside the script.

import { readFile } from 'node:fs/promises';

import init from './wasm/swap_pager.js';
import { make } from './machine.js';

export { Machine, OperationError, RequestError, SettingError, SwapPagerError } from './machine.js';

async function load(wasm) {
    const program = wasm ?? (await readFile(new URL('./wasm/swap_pager_bg.wasm', import.meta.url)));
    await init({ module_or_path: program });
}

export const create = (options) => make(load, options);
