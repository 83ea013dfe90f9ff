import * as api from './node_modules/swap-pager/index.js';

import { report } from './report.js';

// As a page says it whose program lies elsewhere.
report(api, { wasm: './node_modules/swap-pager/wasm/swap_pager_bg.wasm' });
