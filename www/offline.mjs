// Keeps the site for use without a network, and offers a new version when there is one.
// The release site has this; while the site is being worked on, a page from a cache would be in the way.

const HOUR = 3_600_000;

let reloads = false;

// Another version is ready and waits until every page of this one is gone, or until it is asked to take over; or
// another tab has asked it to.
function offer(worker) {
  if (document.getElementById("update")) return;
  const bar = document.createElement("div");
  bar.id = "update";
  bar.setAttribute("role", "status");
  const text = document.createElement("span");
  text.textContent = "A new version of Swap Playground is ready.";
  const reload = document.createElement("button");
  reload.type = "button";
  reload.textContent = "Reload with it";
  reload.addEventListener("click", () => {
    if (worker.state !== "installed") {
      location.reload();
      return;
    }
    reload.disabled = true;
    // Taking over ends with a reload of this page: see below.
    reloads = true;
    worker.postMessage("take over");
  });
  const later = document.createElement("button");
  later.type = "button";
  later.textContent = "Later";
  later.addEventListener("click", () => bar.remove());
  bar.append(text, reload, later);
  document.body.append(bar);
}

// A worker that becomes ready while there is none in charge is the first: nothing to offer.
function watch(worker) {
  if (!worker) return;
  const ready = () => {
    if (worker.state === "installed" && navigator.serviceWorker.controller) offer(worker);
  };
  worker.addEventListener("statechange", ready);
  ready();
}

export async function keepOffline() {
  // Not where the browser forbids it (a frame that is sandboxed, a page that is not served securely).
  if (!("serviceWorker" in navigator) || !isSecureContext) return;
  try {
    const container = navigator.serviceWorker;
    let controlled = container.controller;
    container.addEventListener("controllerchange", () => {
      if (reloads) location.reload();
      // The first worker of all changes nothing; a newer one was put in charge by another tab.
      else if (controlled) offer(container.controller);
      controlled = container.controller;
    });
    controlled?.postMessage("loaded");
    const registration = await navigator.serviceWorker.register(new URL("./sw.js", import.meta.url));
    watch(registration.waiting);
    watch(registration.installing);
    registration.addEventListener("updatefound", () => watch(registration.installing));
    // A page can stay open for days.
    setInterval(() => document.hidden || registration.update().catch(() => {}), HOUR);
  } catch (reason) {
    // The page works without; only the next visit needs the network.
    console.info(`Swap Playground is not kept for use offline: ${reason}`);
  }
}
