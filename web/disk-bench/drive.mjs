// Opens the page of the bench in headless Chromium, waits for its report and prints it.
// The environment: BENCH_URL is the address of the page, WEBDRIVER_URL that of a chromedriver.

import { loadavg } from 'node:os';
import { Browser } from '../../pkg-scripts/lib/browser.mjs';

const load = () => loadavg()[0].toFixed(1);

const before = load();
const browser = await Browser.start('disk-bench');
try {
    await browser.open(process.env.BENCH_URL + (process.argv[2] ?? ''));
    let told;
    const { text, failure } = await browser.ended(1000, async () => {
        const now = await browser.run('return document.getElementById("report")?.textContent ?? "";');
        if (now !== told && process.stderr.isTTY) process.stderr.write(`\r${now.padEnd(70)}`);
        told = now;
    });
    if (failure) {
        console.error(failure, ...(await browser.log()).map(({ message }) => `\n${message}`));
        process.exitCode = 1;
    } else {
        console.log(`${new Date().toISOString().slice(0, 10)}, load ${before} before, ${load()} after\n${text}`);
    }
} finally {
    await browser.close();
}
