// Runs before the first paint, so that a reader who chose a theme never sees the other one flash.
// A file of its own, because a content security policy of script-src 'self' refuses inline scripts.
(() => {
  let choice = null;
  try {
    choice = localStorage.getItem("avaaz.theme");
  } catch {
    // Storage is refused: the system's theme it is.
  }
  const dark =
    choice === "dark" || (choice !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.classList.toggle("dark", dark);
})();

// A learner who comes back to the first page needs the parts of the talk page: they need not wait for the shell.
(() => {
  try {
    if (location.pathname !== "/" || localStorage.getItem("avaaz.known") !== "1") return;
  } catch {
    return;
  }
  const parts = document.querySelector("meta[name=talk-parts]")?.content.split(" ") ?? [];
  for (const href of parts) {
    document.head.append(Object.assign(document.createElement("link"), { rel: "modulepreload", href }));
  }
})();
