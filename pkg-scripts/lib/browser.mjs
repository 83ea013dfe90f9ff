// A headless Chromium over WebDriver, for pages that tell what came of them in `window.ended`.
// WEBDRIVER_URL in the environment is the address of a chromedriver.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CAPABILITIES = new URL('../../web/webdriver.json', import.meta.url);

async function ask(method, path, body) {
    const answer = await fetch(process.env.WEBDRIVER_URL + path, { method, body: body && JSON.stringify(body) });
    const { value } = await answer.json();
    if (value?.error) throw new Error(`${value.error}: ${value.message}`);
    return value;
}

export class Browser {
    /** Starts one with an empty profile; the name of its folder begins with `name`. */
    static async start(name) {
        const browser = new Browser();
        browser.profile = mkdtempSync(join(tmpdir(), `${name}-`));
        const options = JSON.parse(readFileSync(CAPABILITIES))['goog:chromeOptions'];
        const args = [...options.args, `--user-data-dir=${browser.profile}`];
        const wanted = { 'goog:chromeOptions': { ...options, args }, 'goog:loggingPrefs': { browser: 'ALL' } };
        const { sessionId } = await ask('POST', '/session', { capabilities: { alwaysMatch: wanted } });
        browser.session = `/session/${sessionId}`;
        return browser;
    }

    async close() {
        await ask('DELETE', this.session);
        rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
    }

    open(url) {
        return ask('POST', `${this.session}/url`, { url });
    }

    run(script) {
        return ask('POST', `${this.session}/execute/sync`, { script, args: [] });
    }

    /** The lines of the console since it was last asked. */
    log() {
        return ask('POST', `${this.session}/se/log`, { type: 'browser' });
    }

    /** What the page tells when it has ended. `looked` is called between two looks, and ends the waiting by returning something. */
    async ended(milliseconds, looked = () => undefined) {
        for (;;) {
            const ended = (await this.run('return window.ended ?? null;')) ?? (await looked());
            if (ended) return ended;
            await new Promise((done) => setTimeout(done, milliseconds));
        }
    }
}
