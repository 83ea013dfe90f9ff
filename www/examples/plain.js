// What a page can do with a playground: give it commands, hear of what happens, look at what it is like.

const playground = document.getElementById("playground");
const free = document.getElementById("free");
const said = document.getElementById("said");

playground.addEventListener("step", () => {
  free.textContent = playground.snapshot().freePages;
});
playground.addEventListener("error", ({ detail }) => {
  said.textContent = detail.message;
});

for (const button of document.querySelectorAll("button[data-run]")) {
  button.addEventListener("click", async () => {
    said.textContent = "";
    try {
      await playground.start();
      playground.run(button.dataset.run);
    } catch (error) {
      said.textContent = error.message;
    }
  });
}
