//! The element as frameworks, style sheets and dark pages of others treat it.

use serde::Deserialize;
use swap_playground_e2e::{Look, Page, Result, Scheme, visit, visit_as};

/// Finds the example's element as `one`, and waits until it can be used.
const STARTED: &str = "
    const one = document.querySelector('swap-playground');
    await one.start();
    await until('the session', () => { try { return one.snapshot(); } catch { return null; } });
";

async fn example(page: &Page) -> Result {
    let address = page.driver().current_url().await?;
    let address = address.join("examples/plain.html")?;
    page.driver().goto(address.as_str()).await?;
    let defined = "await customElements.whenDefined('swap-playground'); return null;";
    page.js_async(defined, vec![]).await
}

#[tokio::test]
async fn attributes_are_properties_too() -> Result {
    #[derive(Deserialize)]
    struct Found {
        reflected: Vec<String>,
        early: Option<String>,
        at: Vec<u32>,
        warned: Vec<String>,
    }
    const SCRIPT: &str = "
        const warned = [];
        const warn = console.warn;
        console.warn = (...said) => { warned.push(said.join(' ')); warn.apply(console, said); };
        const one = document.createElement('swap-playground');
        const reflected = [];
        for (const [name, value] of Object.entries({
            view: 'tree', controls: 'full', theme: 'dark', session: '', step: 1, autoplay: true, speed: 50,
            storage: 'memory', label: 'Mine', lesson: '', height: '500px',
        })) {
            if (!(name in one)) reflected.push(`${name} is no property`);
            one[name] = value;
            const set = value === true ? '' : String(value);
            if (one.getAttribute(name) !== set || String(one[name]) !== set) reflected.push(`${name}: ${one.getAttribute(name)}`);
        }
        for (const [name, none] of [['autoplay', false], ['label', null], ['step', undefined]]) {
            one[name] = none;
            if (one.hasAttribute(name)) reflected.push(`${name} is still there`);
        }
        // What a framework has set before the script came.
        const before = document.createElement('swap-playground');
        Object.defineProperty(before, 'label', { value: 'Early', writable: true, configurable: true, enumerable: true });
        document.body.append(before, one);
        const early = before.getAttribute('label');
        before.remove();
        await one.start();
        await until('the session', () => { try { return one.snapshot(); } catch { return null; } });
        one.run('swapon 0 64');
        one.run('create heap 8');
        await until('the object', () => one.snapshot().objects.length === 1);
        one.run('fill heap all');
        await until('the end', () => one.snapshot().operations === 0 && one.snapshot().objects[0]?.resident === 8);
        const at = [one.snapshot().objects.length];
        one.stepBy(-2);
        at.push(one.snapshot().objects.length);
        one.step(1);
        at.push(one.snapshot().objects.length);
        one.controls = true;
        return { reflected, early, at, warned };";
    visit(async |page| {
        example(page).await?;
        let found: Found = page.js_async(SCRIPT, vec![]).await?;
        assert_eq!(found.reflected, [""; 0]);
        assert_eq!(found.early.as_deref(), Some("Early"));
        assert_eq!(found.at, [1, 0, 1]);
        let bare = "controls=\"\" is not understood: it can be none, minimal, full.";
        assert!(
            found.warned.iter().any(|line| line.contains(bare)),
            "{:?}",
            found.warned
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn it_has_a_size_wherever_it_is_put() -> Result {
    const SCRIPT: &str = "
        const wrong = [];
        const put = async (name, html, check) => {
            const place = document.createElement('div');
            place.innerHTML = html;
            document.body.append(place);
            place.querySelector('dialog')?.showModal();
            place.querySelector('[popover]')?.showPopover();
            await calm(2);
            const { width, height } = place.querySelector('swap-playground').shadowRoot.querySelector('.frame').getBoundingClientRect();
            if (!check(width, height)) wrong.push(`${name}: ${width} by ${height}`);
            place.remove();
        };
        const usable = (width, height) => width >= 280 && height >= 300;
        const tag = '<swap-playground></swap-playground>';
        await put('a flex row', `<div style=\"display: flex\"><p>Beside it</p>${tag}</div>`, usable);
        await put('a dialog', `<dialog>${tag}</dialog>`, usable);
        await put('a popover', `<div popover>${tag}</div>`, usable);
        await put('a float', `<div style=\"float: left\">${tag}</div>`, usable);
        await put('a grid', `<div style=\"display: grid; grid-template-columns: auto auto\"><p>Beside it</p>${tag}</div>`, usable);
        const sheet = new CSSStyleSheet();
        document.adoptedStyleSheets = [sheet];
        sheet.replaceSync('div > * { all: unset }');
        await put('all unset', tag, usable);
        sheet.replaceSync('swap-playground { height: 400px; width: 500px }');
        await put('sizes of the page', tag, (width, height) => Math.abs(width - 500) < 3 && Math.abs(height - 400) < 3);
        sheet.replaceSync('');
        await put('a style of its own', '<swap-playground style=\"height: 360px\"></swap-playground>', (_, height) => Math.abs(height - 360) < 3);
        await put('the attribute', '<swap-playground height=\"380px\"></swap-playground>', (_, height) => Math.abs(height - 380) < 3);
        return wrong;";
    visit(async |page| {
        example(page).await?;
        let wrong: Vec<String> = page.js_async(SCRIPT, vec![]).await?;
        assert_eq!(wrong, [""; 0]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn it_is_dark_where_the_ground_behind_it_is() -> Result {
    const SCRIPT: &str = "
        const wrong = [];
        document.adoptedStyleSheets = [];
        for (const sheet of document.styleSheets) sheet.disabled = true;
        const root = document.documentElement;
        const one = document.querySelector('swap-playground');
        one.removeAttribute('theme');
        const wrapper = document.createElement('div');
        one.replaceWith(wrapper);
        wrapper.append(one);
        const scheme = () => one.shadowRoot.querySelector('.frame').style.colorScheme;
        const expect = async (wanted, name) => {
            try { await until(name, () => scheme() === wanted); } catch { wrong.push(`${name}: ${scheme()}`); }
        };
        const style = (text) => wrapper.setAttribute('style', text);
        await expect('light', 'a page that says nothing');
        style('background: oklch(0.2 0.02 250); color: oklch(0.6 0 0)');
        await expect('dark', 'oklch, grey letters');
        style('background: color-mix(in srgb, white 85%, black)');
        await expect('light', 'color-mix');
        style('background: rgb(0 0 0 / 80%)');
        await expect('dark', 'a veil over white');
        style('background: linear-gradient(#111, #222); color: #eee');
        await expect('dark', 'a picture under light letters');
        style('');
        await expect('light', 'nothing again');
        document.body.style.background = '#101418';
        document.body.style.color = '#999';
        await expect('dark', 'grey letters on the body');
        document.body.removeAttribute('style');
        root.style.colorScheme = 'light dark';
        await expect(matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light', 'left to the system');
        root.style.colorScheme = '';
        style('background: white; transition: background 300ms linear');
        await calm(3);
        style('background: #123; transition: background 300ms linear');
        await expect('dark', 'after a transition');
        return wrong;";
    for scheme in [Scheme::Light, Scheme::Dark] {
        let look = Look {
            scheme,
            ..Look::default()
        };
        visit_as(look, async |page| {
            example(page).await?;
            let wrong: Vec<String> = page.js_async(SCRIPT, vec![]).await?;
            assert_eq!(wrong, [""; 0], "{scheme:?}");
            Ok(())
        })
        .await?;
    }
    Ok(())
}

#[tokio::test]
async fn it_can_be_moved_with_its_session() -> Result {
    const SCRIPT: &str = "
        one.run('swapon 0 64');
        one.run('create heap 8');
        await until('the object', () => one.snapshot().objects.length === 1);
        const other = document.createElement('section');
        document.body.prepend(other);
        other.append(one);
        document.body.append(one);
        other.append(one);
        await calm(3);
        one.run('fill heap all');
        await until('the fill', () => one.snapshot().objects[0]?.resident === 8);
        const shown = Boolean(one.shadowRoot.querySelector('.stage'));
        // Taken away for good it lets go of it.
        one.remove();
        await calm(1);
        let gone = false;
        try { one.snapshot(); } catch { gone = true; }
        return [shown, gone];";
    visit(async |page| {
        example(page).await?;
        let script = format!("{STARTED}{SCRIPT}");
        let found: [bool; 2] = page.js_async(&script, vec![]).await?;
        assert_eq!(found, [true; 2]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_command_can_be_waited_for_and_is_meant_for_the_present() -> Result {
    const SCRIPT: &str = "
        for (const command of ['swapon 0 64', 'create heap 8', 'fill heap all', 'pageout heap all']) await one.run(command);
        const { objects: [heap], operations, transfers } = one.snapshot();
        const out = [heap.onSwap.length, operations, transfers];
        one.stepBy(-3);
        await calm(2);
        const before = one.snapshot().objects.length;
        await one.run('swapon 1 64');
        await calm(2);
        const asked = one.shadowRoot.querySelectorAll('dialog[open]').length;
        return [...out, before, one.snapshot().disks.length, asked];";
    visit(async |page| {
        example(page).await?;
        let script = format!("{STARTED}{SCRIPT}");
        let found: Vec<u32> = page.js_async(&script, vec![]).await?;
        assert_eq!(found, [8, 0, 0, 0, 2, 0]);
        Ok(())
    })
    .await
}
