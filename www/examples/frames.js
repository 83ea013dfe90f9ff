// How a page talks with a playground in a frame.

const frame = document.getElementById("frame");
const said = document.getElementById("said");
let calls = 0;

addEventListener("message", ({ data, source }) => {
  if (data?.source !== "swap-playground") return;
  const from = [...document.querySelectorAll("iframe")].find((frame) => frame.contentWindow === source);
  if (!from) return;
  if (data.kind === "ready") from.dataset.ready = "";
  if (data.kind === "height") from.height = data.height;
  if (data.kind === "result") said.textContent = data.error ?? "done";
});

for (const button of document.querySelectorAll("button[data-run]")) {
  button.addEventListener("click", () => {
    const message = { target: "swap-playground", id: (calls += 1), call: "run", args: [button.dataset.run] };
    frame.contentWindow.postMessage(message, location.origin);
  });
}
