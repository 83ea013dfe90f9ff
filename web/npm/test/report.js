// Runs the program in a page, and leaves what came of it where the driver looks.

import { check } from './built/program.js';

export function report(api, options) {
    check(api, options).then(
        (passed) => (window.ended = { passed }),
        (error) => (window.ended = { failure: String(error) }),
    );
}
