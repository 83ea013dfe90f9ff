// For browsers and bundlers: the program is fetched from beside the script.

import init from './wasm/swap_pager.js';
import { make } from './machine.js';

export { Machine, OperationError, RequestError, SettingError, SwapPagerError } from './machine.js';

const load = (wasm) => init(wasm && { module_or_path: wasm });

export const create = (options) => make(load, options);
