//! Playgrounds in pages of others: the custom element, and the page in a frame.

use serde::Deserialize;
use serde_json::json;
use swap_playground_e2e::{Page, Result, Site, visit};
use thirtyfour::prelude::*;

/// Waits until the element is ready, and finds it as `element`.
const READY: &str = "
    const element = document.querySelector('swap-playground');
    const seen = [];
    if (element) {
        await customElements.whenDefined('swap-playground');
        for (const kind of ['ready', 'event', 'step', 'error']) {
            element.addEventListener(kind, ({ detail }) => seen.push({ kind, ...detail }));
        }
        await element.start();
        await until('the session', () => { try { return element.snapshot(); } catch { return null; } });
    }
    const inside = (selector) => element.shadowRoot.querySelector(selector);
";

async fn example(page: &Page, name: &str) -> Result<String> {
    let address = page
        .driver()
        .current_url()
        .await?
        .join(&format!("examples/{name}.html"))?;
    page.driver().goto(address.as_str()).await?;
    Ok(address.origin().ascii_serialization())
}

#[tokio::test]
async fn a_page_gives_commands_and_hears_what_happens() -> Result {
    #[derive(Deserialize)]
    struct Seen {
        free: u32,
        told: String,
        resident: u32,
        on_swap: Vec<(u32, u32)>,
        lines: Vec<String>,
        steps: usize,
        refusal: String,
    }
    visit(async |page| {
        example(page, "plain").await?;
        let script = format!(
            "{READY}
             for (const button of document.querySelectorAll('button[data-run]')) {{
                 button.click();
                 await until('the end of a command', () => {{
                     const {{ operations, transfers }} = element.snapshot();
                     return operations === 0 && transfers === 0;
                 }});
             }}
             await until('the events', () => seen.some(({{ kind, text }}) => kind === 'event' && text?.startsWith('putpages')));
             await until('a step', () => seen.some(({{ kind }}) => kind === 'step'));
             await until('the pages on swap', () => element.snapshot().objects[0]?.onSwap.length === 64);
             const {{ freePages: free, objects: [heap] }} = element.snapshot();
             const told = await until('the figure', () => {{
                 const figure = document.getElementById('free').textContent;
                 return figure === String(free) && figure;
             }});
             let refusal = '';
             try {{ element.run('fill stack 1'); }} catch (error) {{ refusal = error.message; }}
             return {{ free, told, resident: heap.resident, on_swap: heap.onSwap, refusal,
                 lines: seen.filter(({{ kind, text }}) => kind === 'event' && text).map(({{ text }}) => text),
                 steps: seen.filter(({{ kind }}) => kind === 'step').length }};"
        );
        let seen: Seen = page.js_async(&script, vec![]).await?;
        assert_eq!(seen.told, seen.free.to_string());
        assert_eq!((seen.resident, seen.on_swap.len()), (0, 64));
        // The first stripe of each of four slots is kept, so the first page is in stripe 4.
        assert_eq!(seen.on_swap[0], (0, 128));
        assert!(seen.lines.iter().any(|line| line.starts_with("putpages")), "{:?}", seen.lines);
        assert!(seen.steps > 0);
        assert!(seen.refusal.contains("stack"), "{}", seen.refusal);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn attributes_change_while_it_lives_and_bad_ones_are_told() -> Result {
    visit(async |page| {
        example(page, "plain").await?;
        let script = format!(
            "{READY}
             const tab = () => inside('[role=tab][aria-selected=true]')?.textContent;
             const ground = () => getComputedStyle(inside('.stage .views')).backgroundColor
                 + getComputedStyle(inside('.playground')).backgroundColor;
             const found = [tab()];
             element.setAttribute('view', 'tree memory');
             await until('the tree', () => tab() === 'Radix tree');
             found.push([...element.shadowRoot.querySelectorAll('[role=tab]')].map((tab) => tab.textContent).join());
             const light = ground();
             element.setAttribute('theme', 'dark');
             found.push(ground() !== light ? 'dark' : 'still light');
             found.push(inside('.top-actions').checkVisibility() ? 'all' : 'few');
             // An empty machine with all controls would begin with the start screen.
             element.run('swapon 0 256');
             element.setAttribute('controls', 'full');
             await until('all controls', () => inside('.top-actions').checkVisibility());
             element.setAttribute('height', '500px');
             found.push(String(element.offsetHeight));
             element.setAttribute('height', 'tall');
             element.setAttribute('speed', 'warp');
             element.removeAttribute('view');
             await until('all views', () => element.shadowRoot.querySelectorAll('[role=tab]').length === 6);
             return found.concat(seen.filter(({{ kind }}) => kind === 'error').map(({{ message }}) => message));"
        );
        let found: Vec<String> = page.js_async(&script, vec![]).await?;
        assert_eq!(
            found,
            [
                "Stripes",
                "Radix tree,Memory",
                "dark",
                "few",
                "500",
                "height=\"tall\" is not understood: it can be auto or a CSS length.",
                "speed=\"warp\" is not understood: it can be 2, 10, 50, 250, 1500, instant.",
            ]
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn every_method_can_be_called_in_every_event() -> Result {
    #[derive(Deserialize)]
    struct Tried {
        /// Events in which methods were called, by kind.
        heard: std::collections::BTreeMap<String, u32>,
        /// What no longer took commands afterwards.
        broken: Vec<String>,
    }
    const CALLS: &str = "
        await customElements.whenDefined('swap-playground');
        const methods = {
            run: (one) => one.run('fill heap all'),
            step: (one) => one.step(-1),
            stepBy: (one) => one.stepBy(-1),
            seek: (one) => one.seek(3),
            snapshot: (one) => one.snapshot(),
            reset: (one) => one.reset(),
            start: (one) => one.start(),
            'an attribute': (one) => one.setAttribute('view', 'tree'),
            'a wrong attribute': (one) => one.setAttribute('view', 'nonsense'),
            remove: (one) => one.remove(),
            'remove and back': (one) => { const { parentNode } = one; one.remove(); parentNode.append(one); },
        };
        const heard = {}, broken = [];
        for (const kind of ['ready', 'event', 'step', 'error']) for (const [name, method] of Object.entries(methods)) {
            const one = document.createElement('swap-playground');
            const usable = () => { try { return one.snapshot(); } catch { return null; } };
            let calls = 0;
            one.addEventListener(kind, () => {
                // A method that causes the event that it is called in goes on for a while only.
                if (calls++ >= (name.startsWith('remove') ? 1 : 3)) return;
                heard[kind] = (heard[kind] ?? 0) + 1;
                // What can't be done is an error of the call, not of the playground.
                try { method(one); } catch (error) { if (error instanceof WebAssembly.RuntimeError) broken.push(`${name} in ${kind}: ${error}`); }
            });
            document.body.append(one);
            await one.start();
            if (name !== 'remove' || kind !== 'ready') {
                await until(`the session for ${name} in ${kind}`, () => !one.isConnected || usable());
            }
            for (const command of ['swapon 0 64', 'create heap 8', 'fill heap all', 'pageout heap all']) {
                try { one.run(command); } catch (error) { if (error instanceof WebAssembly.RuntimeError) broken.push(`${command} after ${name} in ${kind}: ${error}`); }
            }
            if (one.isConnected) one.setAttribute('theme', 'purple');
            await until(`${kind}, for ${name}`, () => calls > 0);
            await calm(6);
            // It still works, where it still is; once more if it was taken away.
            if (!one.isConnected) document.body.append(one);
            await one.start();
            await until(`the session after ${name} in ${kind}`, usable);
            try { one.reset(); one.run('swapon 1 64'); } catch (error) { broken.push(`after ${name} in ${kind}: ${error}`); }
            one.remove();
        }
        return { heard, broken };";
    visit(async |page| {
        example(page, "plain").await?;
        let tried: Tried = page.js_async(CALLS, vec![]).await?;
        assert_eq!(tried.broken, Vec::<String>::new());
        let kinds: Vec<_> = tried.heard.keys().map(String::as_str).collect();
        assert_eq!(kinds, ["error", "event", "ready", "step"]);
        assert!(
            tried.heard.values().all(|&calls| calls >= 10),
            "{:?}",
            tried.heard
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn no_style_gets_in_or_out_and_nothing_is_global() -> Result {
    visit(async |page| {
        example(page, "plain").await?;
        let script = format!(
            "const before = new Set(Object.getOwnPropertyNames(window));
             const look = (element) => {{
                 const {{ fontFamily, backgroundColor, letterSpacing, margin, fontSize }} = getComputedStyle(element);
                 return [fontFamily, backgroundColor, letterSpacing, margin, fontSize].join(' | ');
             }};
             const hosts = ['body', 'h1', 'p', 'button', 'pre'].map((name) => document.querySelector(name));
             const looked = hosts.map(look).join();
             {READY}
             element.setAttribute('controls', 'full');
             const button = await until('a button', () => inside('.top-actions button, [data-testid=table-toggle]'));
             return {{
                 same: looked === hosts.map(look).join(),
                 own: look(button),
                 added: Object.getOwnPropertyNames(window).filter((name) => !before.has(name)),
             }};"
        );
        #[derive(Deserialize)]
        struct Found {
            same: bool,
            own: String,
            added: Vec<String>,
        }
        let found: Found = page.js_async(&script, vec![]).await?;
        assert!(found.same);
        assert!(found.own.starts_with("system-ui, sans-serif | rgb(255, 255, 255) | normal | 0px"), "{}", found.own);
        assert_eq!(found.added, Vec::<String>::new());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn it_works_by_keyboard_in_its_shadow_tree() -> Result {
    visit(async |page| {
        example(page, "plain").await?;
        let script = format!(
            "{READY}
             element.setAttribute('controls', 'full');
             element.run('swapon 0 1024');
             element.run('create heap 16');
             await until('the object', () => inside('[data-testid=fill]:not(:disabled)'));
             inside('[data-testid=view-stripes]').focus();
             element.removeAttribute('view');
             await until('all views', () => inside('[data-testid=view-memory]'));
             return null;"
        );
        page.js_async::<()>(&script, vec![]).await?;
        let focus = "return document.activeElement.shadowRoot?.activeElement?.dataset.testid ?? null;";
        // Tabs that come leave the focus on the tab that has it.
        assert_eq!(page.js::<String>(focus, vec![]).await?, "view-stripes");
        page.keys(thirtyfour::Key::Right).await?;
        assert_eq!(page.js::<String>(focus, vec![]).await?, "view-linear");
        // A shortcut, the dialog it opens, and where the focus is after that.
        page.keys("?").await?;
        let open = "return !!document.querySelector('swap-playground').shadowRoot.querySelector('dialog[open]');";
        page.until("the help", async || Ok(page.js::<bool>(open, vec![]).await?.then_some(()))).await?;
        page.keys(thirtyfour::Key::Escape).await?;
        page.until("the end of the help", async || Ok((!page.js::<bool>(open, vec![]).await?).then_some(()))).await?;
        assert_eq!(page.js::<String>(focus, vec![]).await?, "view-linear");
        page.keys("d").await?;
        let filled = "return document.querySelector('swap-playground').snapshot().objects[0].resident;";
        page.until("the fill", async || Ok((page.js::<u32>(filled, vec![]).await? == 16).then_some(()))).await
    })
    .await
}

#[tokio::test]
async fn five_in_a_page_load_one_program_and_only_near_the_screen() -> Result {
    #[derive(Deserialize)]
    struct Loaded {
        started: Vec<String>,
        programs: usize,
        /// Files of the program that were fetched more than once.
        again: usize,
    }
    const LOADED: &str = "
        await new Promise((on) => setTimeout(on, 300));
        const all = [...document.querySelectorAll('swap-playground')];
        const fetched = performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => name.endsWith('.wasm'));
        return {
            started: all.filter((one) => one.shadowRoot.querySelector('.stage')).map((one) => one.id),
            programs: fetched.filter((name) => name.endsWith('_bg.wasm')).length,
            again: fetched.length - new Set(fetched).size,
        };";
    visit(async |page| {
        example(page, "five").await?;
        page.until("the first", async || {
            let loaded: Loaded = page.js_async(LOADED, vec![]).await?;
            Ok(loaded.started.contains(&"one".to_owned()).then_some(()))
        })
        .await?;
        let loaded: Loaded = page.js_async(LOADED, vec![]).await?;
        assert!(
            !loaded.started.contains(&"five".to_owned()),
            "{:?}",
            loaded.started
        );
        page.js::<()>(
            "document.getElementById('five').scrollIntoView(); return null;",
            vec![],
        )
        .await?;
        page.until("the last", async || {
            let loaded: Loaded = page.js_async(LOADED, vec![]).await?;
            Ok(loaded.started.contains(&"five".to_owned()).then_some(()))
        })
        .await?;
        let loaded: Loaded = page.js_async(LOADED, vec![]).await?;
        assert_eq!((loaded.programs, loaded.again), (1, 0));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn before_it_comes_near_it_costs_next_to_nothing() -> Result {
    #[derive(Debug, Deserialize)]
    struct Cost {
        bytes: u64,
        files: usize,
        long: usize,
        still: bool,
    }
    visit(async |page| {
        example(page, "far").await?;
        let cost: Cost = page
            .js_async(
                "const long = [];
                 new PerformanceObserver((list) => long.push(...list.getEntries())).observe({ type: 'longtask', buffered: true });
                 await until('the still picture', () => document.querySelector('swap-playground').shadowRoot?.querySelector('button'));
                 // Whatever else it would fetch it has had the time to ask for.
                 await new Promise((on) => setTimeout(on, 500));
                 const ours = performance.getEntriesByType('resource').filter(({ name }) => !name.endsWith('style.css'));
                 return {
                     bytes: ours.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
                     files: ours.length,
                     long: long.length,
                     still: !!document.querySelector('swap-playground').shadowRoot.querySelector('button'),
                 };",
                vec![],
            )
            .await?;
        assert!(cost.still && cost.files == 1 && cost.bytes < 12_000, "{cost:?}");
        // Only told: how long a task takes is the machine's as much as ours.
        eprintln!("tasks of more than 50 ms: {}", cost.long);
        // The button starts it where it is.
        let started: bool = page
            .js_async(
                &format!(
                    "document.querySelector('swap-playground').shadowRoot.querySelector('button').click();
                     {READY} return !!inside('.stage');"
                ),
                vec![],
            )
            .await?;
        assert!(started);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_is_taken_away_leaves_nothing_behind() -> Result {
    #[derive(Debug, Deserialize)]
    struct Counters {
        nodes: i64,
        #[serde(rename = "jsEventListeners")]
        listeners: i64,
    }
    async fn insertions(page: &Page, count: u32) -> Result<Counters> {
        page.js_async::<()>(
            "for (let i = 0; i < args[0]; i += 1) {
                 const element = document.createElement('swap-playground');
                 element.setAttribute('view', 'stripes,objects,log');
                 document.body.append(element);
                 const ready = new Promise((on) => element.addEventListener('ready', on, { once: true }));
                 await customElements.whenDefined('swap-playground');
                 await element.start();
                 await ready;
                 element.run('swapon 0 256');
                 element.run('create heap 32');
                 element.run('fill heap all');
                 element.run('pageout heap all');
                 await new Promise((on) => requestAnimationFrame(() => requestAnimationFrame(on)));
                 element.remove();
             }
             await new Promise((on) => setTimeout(on, 200));
             return null;",
            vec![json!(count)],
        )
        .await?;
        let devtools = page.driver().cdp();
        // What is still under way holds on to what is gone: it gets time to end.
        for _ in 0..6 {
            devtools
                .send_raw("HeapProfiler.collectGarbage", json!({}))
                .await?;
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        }
        let counters = devtools
            .send_raw("Memory.getDOMCounters", json!({}))
            .await?;
        Ok(serde_json::from_value(counters)?)
    }
    visit(async |page| {
        example(page, "far").await?;
        let first = insertions(page, 10).await?;
        insertions(page, 45).await?;
        let last = insertions(page, 45).await?;
        // A playground has some six hundred nodes. The engine may hold on to the last of them until something
        // else happens; of the ninety in between no more than that may be left, not even a few nodes of each.
        assert!(
            last.nodes - first.nodes < 900 && last.listeners - first.listeners < 90,
            "from {first:?} to {last:?}"
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_frame_takes_commands_from_whom_it_may() -> Result {
    const SAID: &str = "return document.getElementById('said').textContent;";
    visit(async |page| {
        let origin = example(page, "frames").await?;
        page.until("both frames", async || Ok((page.count_css("iframe[data-ready]").await? == 2).then_some(()))).await?;
        page.press_css("button[data-run='swapon 0 1024']").await?;
        page.until("the answer", async || Ok((page.js::<String>(SAID, vec![]).await? == "done").then_some(()))).await?;
        let ask = "
            const ask = (frame, call, args) => new Promise((on) => {
                const id = Math.random();
                addEventListener('message', ({ data }) => data.id === id && on(data));
                frame.contentWindow.postMessage({ target: 'swap-playground', id, call, args }, '*');
            });
            const [frame, sandbox] = document.querySelectorAll('iframe');
        ";
        let disks: usize = page.js_async(&format!("{ask} return (await ask(frame, 'snapshot', [])).value.disks.length;"), vec![]).await?;
        assert_eq!(disks, 1);
        let refused: Vec<String> = page
            .js_async(
                &format!(
                    "{ask} return [
                        (await ask(frame, 'close', [])).error, (await ask(frame, 'run', [7])).error,
                        (await ask(frame, 'run', ['fill moon 1'])).error, (await ask(frame, 'constructor')).error,
                        (await ask(sandbox, 'reset', [])).error,
                    ];"
                ),
                vec![],
            )
            .await?;
        assert_eq!(refused[0], "There is no call \"close\": there are run, step, seek, snapshot, reset.");
        assert_eq!(refused[1], "run takes one argument, a string.");
        assert!(refused[2].contains("moon"), "{}", refused[2]);
        assert!(refused[3].starts_with("There is no call"), "{}", refused[3]);
        assert!(refused[4].contains(&format!("allow={origin}")), "{}", refused[4]);

        // The same frame on a page of another origin: first as it is, then with leave.
        let other = Site::serve()?;
        let frame = |query: &str| format!("{}?{query}", other.url());
        let asked: Vec<bool> = page
            .js_async(
                &format!(
                    "{ask} const answers = [];
                     for (const address of args) {{
                         frame.removeAttribute('data-ready');
                         frame.src = address;
                         while (!('ready' in frame.dataset)) await new Promise((on) => setTimeout(on, 20));
                         answers.push('value' in await ask(frame, 'snapshot', []));
                     }}
                     return answers;"
                ),
                vec![json!(frame("view=tree")), json!(frame(&format!("view=tree&allow={origin}")))],
            )
            .await?;
        assert_eq!(asked, [false, true]);

        // Whoever frames it can't have it use the visitor's own disks: only the visitor can.
        let wish = frame(&format!("storage=indexeddb&allow={origin}"));
        let open = "const frame = document.querySelector('iframe');
            frame.removeAttribute('data-ready');
            frame.src = args[0];
            await until('the frame', () => 'ready' in frame.dataset);
            return null;";
        let () = page.js_async(open, vec![json!(wish)]).await?;
        page.driver().enter_frame(0).await?;
        let badge = "return document.querySelector('[data-testid=storage-badge]')?.textContent ?? '';";
        let asks = page.find_css("#ask-disks").await?.text().await?;
        assert!(asks.contains(&origin), "{asks}");
        assert!(page.js::<String>(badge, vec![]).await?.contains("In memory"));
        page.press_css("#ask-disks button").await?;
        page.until("the visitor's disks", async || {
            Ok(page.js::<String>(badge, vec![]).await?.contains("On this device").then_some(()))
        })
        .await?;
        page.driver().enter_parent_frame().await?;
        // Frames may still be fetching what is wanted later: without them nobody asks a server that is gone.
        let gone = "document.querySelectorAll('iframe').forEach((frame) => frame.remove());
            await new Promise((on) => setTimeout(on, 200));
            return null;";
        let () = page.js_async(gone, vec![]).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn dialogs_work_in_a_sandbox_that_forbids_forms() -> Result {
    visit(async |page| {
        example(page, "frames").await?;
        let script = "const sandbox = document.getElementById('sandbox');
            sandbox.src = '../?storage=memory';
            sandbox.style.height = '760px';
            return sandbox.getAttribute('sandbox');";
        let sandbox: String = page.js(script, vec![]).await?;
        assert_eq!(sandbox, "allow-scripts");
        page.driver().enter_frame(1).await?;
        page.start_empty().await?;
        page.add_disk(512).await?;
        // By keyboard: Enter in a field sends the form.
        page.press("new-object").await?;
        page.enter("object-name", "heap").await?;
        page.enter("object-pages", "16").await?;
        page.keys(Key::Enter).await?;
        page.until_there("object-submit", false).await?;
        // What won't do is told, and the dialog stays.
        page.press("add-disk").await?;
        page.enter("disk-pages", "none").await?;
        page.press("disk-submit").await?;
        assert!(page.refusal("disk-pages").await?.is_some());
        page.keys(Key::Escape).await?;
        page.until_there("disk-submit", false).await?;
        let found: (usize, usize) = page
            .js(
                "return [document.querySelectorAll('[data-testid=object-card]').length, document.querySelectorAll('[data-testid=disk-head]').length];",
                vec![],
            )
            .await?;
        assert_eq!(found, (1, 1));
        page.driver().enter_default_frame().await?;
        Ok(())
    })
    .await
}
