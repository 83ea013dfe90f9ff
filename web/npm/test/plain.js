import * as api from './node_modules/swap-pager/index.js';

import { report } from './report.js';

report(api);
