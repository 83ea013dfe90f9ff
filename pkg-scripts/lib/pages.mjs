// Opens pages in headless Chromium, and prints what the program tells there.
// node pages.mjs ADDRESS...; WEBDRIVER_URL is that of a chromedriver.

import { Browser } from './browser.mjs';

/** The program takes a second or two. */
const PATIENCE = 60_000;

const browser = await Browser.start('swap-pager');
try {
    for (const address of process.argv.slice(2)) {
        await browser.open(address);
        const until = Date.now() + PATIENCE;
        const { passed, failure } = await browser.ended(100, () => {
            if (Date.now() > until) return { failure: 'it told nothing' };
        });
        const log = await browser.log();
        const errors = log.filter(({ level, message }) => level === 'SEVERE' && !message.includes('favicon'));
        if (failure || errors.length > 0) {
            console.error(address, failure ?? '', ...errors.map(({ message }) => `\n${message}`));
            process.exitCode = 1;
        } else {
            for (const name of passed) console.log(`ok  ${name}`);
        }
    }
} finally {
    await browser.close();
}
