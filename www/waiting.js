// Says why the page doesn't come, where its modules can't: one that is missing, or is sent as something else, never
// runs. And offers a way on when it takes too long, whatever the cause. A classic script, before all modules.
(() => {
  const PATIENCE = 15_000;
  let shown = "";
  let since = performance.now();
  let failed = false;

  function tell(text, ways = []) {
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
    box.append(words, again, ...ways);
    document.body.append(box);
  }

  function inMemory() {
    const way = document.createElement("a");
    const address = new URL(location.href);
    address.searchParams.set("storage", "memory");
    way.href = address.href;
    way.textContent = "Start with disks in memory";
    return way;
  }

  function showLoading(shown) {
    for (const part of document.querySelectorAll("#loading label, #loading progress")) part.hidden = !shown;
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
      if (!(target instanceof HTMLScriptElement)) return;
      failed = true;
      showLoading(false);
      tell(`Swap Playground could not start. ${await explain(target)}`);
    },
    true,
  );

  function watch(timer) {
    const busy = document.getElementById("loading") ?? document.querySelector(".opening");
    if (!busy || busy.querySelector("[role=alert]")) {
      document.getElementById("waiting")?.remove();
      clearInterval(timer);
      return;
    }
    const now = `${busy.className} ${busy.querySelector("progress")?.value}`;
    if (now !== shown) [shown, since] = [now, performance.now()];
    if (performance.now() - since > PATIENCE && !document.getElementById("waiting")) tell("This takes unusually long.", [inMemory()]);
  }

  addEventListener("DOMContentLoaded", () => {
    // Without scripts there would be nothing to wait for.
    showLoading(!failed);
    const timer = setInterval(() => watch(timer), 1000);
  });
})();
