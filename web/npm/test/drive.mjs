// Opens pages in headless Chromium, and prints what the program tells there.
// node drive.mjs BROWSER.json ADDRESS...; WEBDRIVER_URL is that of a chromedriver.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The program takes a second or two. */
const PATIENCE = 60_000;

const [capabilities, ...addresses] = process.argv.slice(2);

async function ask(method, path, body) {
    const answer = await fetch(process.env.WEBDRIVER_URL + path, { method, body: body && JSON.stringify(body) });
    const { value } = await answer.json();
    if (value?.error) throw new Error(`${value.error}: ${value.message}`);
    return value;
}

const profile = mkdtempSync(join(tmpdir(), 'swap-pager-'));
const options = JSON.parse(readFileSync(capabilities))['goog:chromeOptions'];
const { sessionId } = await ask('POST', '/session', {
    capabilities: {
        alwaysMatch: {
            'goog:chromeOptions': { ...options, args: [...options.args, `--user-data-dir=${profile}`] },
            'goog:loggingPrefs': { browser: 'ALL' },
        },
    },
});
const session = `/session/${sessionId}`;

/** The report of a page, or what its console says. */
async function ended(address) {
    await ask('POST', `${session}/url`, { url: address });
    const until = Date.now() + PATIENCE;
    while (Date.now() < until) {
        const report = await ask('POST', `${session}/execute/sync`, { script: 'return window.ended ?? null;', args: [] });
        if (report) return report;
        await new Promise((done) => setTimeout(done, 100));
    }
    return { failure: 'it told nothing' };
}

try {
    for (const address of addresses) {
        const { passed, failure } = await ended(address);
        const log = await ask('POST', `${session}/se/log`, { type: 'browser' });
        const errors = log.filter(({ level, message }) => level === 'SEVERE' && !message.includes('favicon'));
        if (failure || errors.length > 0) {
            console.error(address, failure ?? '', ...errors.map(({ message }) => `\n${message}`));
            process.exitCode = 1;
        } else {
            for (const name of passed) console.log(`ok  ${name}`);
        }
    }
} finally {
    await ask('DELETE', session);
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
}
