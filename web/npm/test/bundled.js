import * as api from 'swap-pager';

import { report } from './report.js';

report(api);
