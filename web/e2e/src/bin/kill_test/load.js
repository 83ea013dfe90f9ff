// Types commands into the command box, each after its pause, until the browser is no more. The body
// of a function: the argument is a list of [milliseconds, command].
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const key = (field, key) => field.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
window.typing = (async (commands) => {
    for (const [ms, text] of commands) {
        await pause(ms);
        const field = document.querySelector("[data-testid=command]");
        field.value = text;
        field.dispatchEvent(new InputEvent("input", { bubbles: true }));
        await pause(0);
        // The list of completions would take the key.
        key(field, "Escape");
        await pause(0);
        key(field, "Enter");
    }
})(arguments[0]);
return null;
