import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createApp } from "./app";
import { startI18n } from "./i18n";
import "./index.css";
import { isKnown } from "./lib/known";

const container = document.getElementById("root");
if (container === null) throw new Error("index.html has no #root");

const app = createApp();
if (isKnown() && window.location.pathname === "/") void bringTalkPage();
await startI18n();
createRoot(container).render(
  <StrictMode>
    <RouterProvider router={app.router} />
  </StrictMode>,
);

/** What a learner's first page needs comes at once, not one part after the other; the router uses what is there. */
function bringTalkPage(): Promise<unknown> {
  const parts = [import("./guard"), import("./data-layout"), import("./frame"), import("./talk/talk-page")];
  const asked = Promise.all([app.queries(), import("./lib/queries")]).then(([client, { meQuery }]) =>
    client.prefetchQuery(meQuery),
  );
  return Promise.allSettled([...parts, asked]);
}
