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
