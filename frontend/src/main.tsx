import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createApp } from "./app";
import { startI18n } from "./i18n";
import "./index.css";

const container = document.getElementById("root");
if (container === null) throw new Error("index.html has no #root");

await startI18n();
createRoot(container).render(
  <StrictMode>
    <RouterProvider router={createApp().router} />
  </StrictMode>,
);
