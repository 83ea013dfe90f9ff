// Says why the page doesn't come, where its modules can't: one that is missing, or is sent as something else, never
// runs. And offers a way on when it takes too long, whatever the cause. A classic script, before all modules.
(() => {
  const PATIENCE = 15_000;
  let shown = "";
  let since = performance.now();

  function tell(text) {
    document.getElementById("waiting")?.remove();
    const box = document.createElement("div");
    box.id = "waiting";
    box.setAttribute("role", "alert");
    const words = document.createElement("span");
    words.textContent = text;
    const again = document.createElement("button");
    again.type = "button";
    again.textContent = "Try again";
    again.addEventListener("click", () => location.reload());
    const memory = document.createElement("a");
    const address = new URL(location.href);
    address.searchParams.set("storage", "memory");
    memory.href = address.href;
    memory.textContent = "Start with disks in memory";
    box.append(words, again, memory);
    document.body.append(box);
  }

  // What is wrong with a script that the page names, if that can be found out.
  async function fault(address) {
    const name = new URL(address).pathname.split("/").pop();
    const { ok, status, headers } = await fetch(address);
    const type = headers.get("Content-Type") ?? "no type";
    if (!ok) return `The server answers ${status} for ${name}.`;
    if (!/javascript/.test(type)) return `The server sends ${name} as ${type}; it has to be text/javascript. Whoever hosts the page can set that.`;
    return undefined;
  }

  async function explain(script) {
    if (location.protocol === "file:") return "Browsers load this page from a web server only, not from a file.";
    const preloaded = [...document.querySelectorAll("link[rel=modulepreload]")].map(({ href }) => href);
    for (const address of [script.src, ...preloaded]) {
      const wrong = await fault(address).catch(() => "There is no connection to the server.");
      if (wrong) return wrong;
    }
    return "A script of the page is missing or damaged.";
  }

  document.addEventListener(
    "error",
    async ({ target }) => {
      if (target instanceof HTMLScriptElement) tell(`Swap Playground could not start. ${await explain(target)}`);
    },
    true,
  );

  function watch(timer) {
    const busy = document.getElementById("loading") ?? document.querySelector(".opening");
    const failed = busy?.querySelector("[role=alert]");
    if (!busy || failed) {
      document.getElementById("waiting")?.remove();
      clearInterval(timer);
      return;
    }
    const now = `${busy.className} ${busy.querySelector("progress")?.value}`;
    if (now !== shown) [shown, since] = [now, performance.now()];
    if (performance.now() - since > PATIENCE && !document.getElementById("waiting")) tell("This takes unusually long.");
  }

  addEventListener("DOMContentLoaded", () => {
    // Without scripts there would be nothing to wait for.
    for (const part of document.querySelectorAll("#loading [hidden]")) part.hidden = false;
    const timer = setInterval(() => watch(timer), 1000);
  });
})();
