// Opens the page of the bench in headless Chromium, waits for its report and prints it.
// The environment: BENCH_URL is the address of the page, WEBDRIVER_URL that of a chromedriver.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';

const { BENCH_URL, WEBDRIVER_URL } = process.env;
const browser = JSON.parse(readFileSync(new URL('../webdriver.json', import.meta.url)));
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

async function ask(method, path, body) {
    const answer = await fetch(WEBDRIVER_URL + path, { method, body: body && JSON.stringify(body) });
    const { value } = await answer.json();
    if (value?.error) throw new Error(`${value.error}: ${value.message}`);
    return value;
}

const load = () => loadavg()[0].toFixed(1);

/** The report, or what went wrong. */
async function measured(session) {
    const script = (text) => ask('POST', `${session}/execute/sync`, { script: text, args: [] });
    let told;
    for (;;) {
        const ended = await script('return window.ended ?? null;');
        if (ended) return ended;
        const now = await script('return document.getElementById("report")?.textContent ?? "";');
        if (now !== told && process.stderr.isTTY) process.stderr.write(`\r${now.padEnd(70)}`);
        told = now;
        await pause(1000);
    }
}

const profile = mkdtempSync(join(tmpdir(), 'disk-bench-'));
const options = browser['goog:chromeOptions'];
const before = load();
const { sessionId } = await ask('POST', '/session', {
    capabilities: {
        alwaysMatch: {
            'goog:chromeOptions': { ...options, args: [...options.args, `--user-data-dir=${profile}`] },
            'goog:loggingPrefs': { browser: 'ALL' },
        },
    },
});
const session = `/session/${sessionId}`;
try {
    await ask('POST', `${session}/url`, { url: BENCH_URL + (process.argv[2] ?? '') });
    const { text, failure } = await measured(session);
    if (failure) {
        const log = await ask('POST', `${session}/se/log`, { type: 'browser' });
        console.error(failure, ...log.map(({ message }) => `\n${message}`));
        process.exitCode = 1;
    } else {
        console.log(`${new Date().toISOString().slice(0, 10)}, load ${before} before, ${load()} after\n${text}`);
    }
} finally {
    await ask('DELETE', session);
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
}
