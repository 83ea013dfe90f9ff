// Shows how far loading has got, and says so plainly when the program cannot start.
// The build wires it up: data-initializer in index.html.

export default function initializer() {
  const loading = document.getElementById("loading");
  const bar = document.getElementById("loading-bar");

  const fail = (reason) => {
    removeEventListener("unhandledrejection", onRejection);
    // The program empties the page when it starts; what fails after that is the program's to tell.
    if (!loading?.isConnected) return;
    const message = document.createElement("p");
    message.setAttribute("role", "alert");
    message.textContent =
      `Swap Playground could not start: ${reason?.message ?? reason}. ` +
      "It needs a browser with WebAssembly (any of the last years has it) and an unbroken connection " +
      "while it loads. Reload the page to try again.";
    loading.replaceChildren(message);
  };

  // A connection that breaks during the download is reported in no other way.
  const onRejection = (event) => fail(event.reason);

  return {
    onStart: () => addEventListener("unhandledrejection", onRejection),
    onProgress: ({ current, total }) => {
      if (!bar || !total) return;
      bar.max = total;
      bar.value = current;
    },
    onSuccess: () => {
      removeEventListener("unhandledrejection", onRejection);
      loading?.remove();
    },
    onFailure: fail,
  };
}
