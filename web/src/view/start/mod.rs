//! The first thing a person sees.

pub mod demo;
mod picture;

use yew::prelude::*;

/// The start screen. It tells when the demonstration is wanted, an empty machine, or a lesson.
pub fn start(ondemo: Callback<()>, onempty: Callback<()>, onlearn: Callback<()>) -> Html {
    let demo = ondemo.reform(|_: MouseEvent| ());
    let learn = onlearn.reform(|_: MouseEvent| ());
    let empty = onempty.reform(|_: MouseEvent| ());
    html! {
        <section class="start" aria-labelledby="start-title">
            <div class="start-text">
                <h2 id="start-title">{ "Where does memory go when there is no room for it?" }</h2>
                <p>{ "Programs ask for more memory than a computer has. So the kernel writes pages that no one needs just now \
                      to disk, gives their room to others, and reads them back when somebody touches them. That is swapping." }</p>
                <p>{ "Here you watch FreeBSD's swap pager of 2001 do it, page by page: how it finds room on swap, how it deals \
                      pages out over up to four disks, and how a page comes back. The disks hold real bytes, kept in \
                      your browser." }</p>
                <div class="start-actions">
                    <button type="button" class="primary" data-testid="start-demo" onclick={demo}>{ "Show me: run a small demonstration" }</button>
                    <button type="button" data-testid="start-learn" onclick={learn}>{ "Learn it: short lessons with questions" }</button>
                    <button type="button" data-testid="start-empty" onclick={empty}>{ "Start with an empty machine" }</button>
                </div>
            </div>
            { picture::picture() }
        </section>
    }
}
