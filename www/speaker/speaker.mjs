// The speaker's window of a presentation: what is on the screen, what to say, and what the room doesn't know yet. The
// page that opened it tells all that on a channel of the site's own origin, whose number is in the address.

const channel = new BroadcastChannel(`swap-playground-speaker-${location.hash.slice(1)}`);
const part = (name) => document.getElementById(name);

channel.addEventListener("message", ({ data }) => {
  if (typeof data !== "object" || data === null) return;
  part("at").textContent = [data.lesson, data.at].filter(Boolean).join(" · ");
  part("title").textContent = data.title;
  for (const name of ["right", "notes", "next"]) {
    part(`${name}-part`).hidden = !data[name];
    part(name).textContent = data[name] ?? "";
  }
});

let began = Date.now();
const tick = () => {
  const seconds = Math.floor((Date.now() - began) / 1000);
  part("time").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
};
setInterval(tick, 500);
part("again").addEventListener("click", () => {
  began = Date.now();
  tick();
});
channel.postMessage("hello");
