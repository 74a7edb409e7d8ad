import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { VitePWA } from "vite-plugin-pwa";
import { defineConfig } from "vitest/config";

/** Where `npm run dev` finds the API; in production both share one origin. */
const apiUrl = process.env.API_URL ?? "http://127.0.0.1:8000";

/** Addresses the API answers itself: the service worker must never serve the app shell for them. */
const apiPaths = [
  /^\/api\//,
  /^\/health/,
  /^\/metrics/,
  /^\/livekit\//,
  /^\/agent\//,
  /^\/docs/,
  /^\/openapi/,
];

/** What every page needs, in one piece: it compresses better so, and comes in one round trip. */
const shell = new RegExp(
  [
    "node_modules/(react|react-dom|scheduler|clsx|@tanstack/(react-router|router-core|history|store|react-store))/",
    "src/(i18n/(index|en)\\.|lib/(store|theme|known|title|in-call|reachable|cookies)|pwa/(root|stale)|welcome/|router|app\\.ts|not-found-page|broken-page)",
    "src/components/(button|logo|public-layout|settings-menu|skip-link|states)",
  ].join("|"),
);

/** What every page needs that reads from the API: a round trip for each of many small pieces would be felt. */
const data = new RegExp(
  [
    "node_modules/(@tanstack/(query-core|react-query)|openapi-fetch|idb-keyval)/",
    "src/(guard|data-layout|i18n/volumes|lib/(queries|api|kept|error-text))\\.tsx?$",
    "src/components/failure",
  ].join("|"),
);

/** Parts of the talk page, by their modules; `public/theme.js` asks for them while the shell is still on its way. */
const talkParts =
  /src\/(guard|data-layout|frame|lib\/queries|talk\/talk-page)\.tsx?$|src\/i18n\/talk-en\.json$/;

/** Names those parts, and what they need, in the page. */
function nameTalkParts(): Plugin {
  return {
    name: "avaaz-talk-parts",
    transformIndexHtml: {
      order: "post",
      handler: (html, { bundle }) => {
        const found = new Set<string>();
        const add = (name: string) => {
          const chunk = bundle?.[name];
          if (chunk?.type !== "chunk" || found.has(name)) return;
          found.add(name);
          chunk.imports.forEach(add);
        };
        for (const [name, chunk] of Object.entries(bundle ?? {})) {
          if (chunk.type === "chunk" && talkParts.test(chunk.facadeModuleId ?? "")) add(name);
        }
        const content = [...found].map((name) => `/${name}`).join(" ");
        const script = '<script src="/theme.js">';
        return html.replace(script, `<meta name="talk-parts" content="${content}" />\n    ${script}`);
      },
    },
  };
}

export default defineConfig({
  plugins: [
    nameTalkParts(),
    react(),
    tailwindcss(),
    VitePWA({
      // A new version waits until the page lets it take over, and the page itself registers it: `src/pwa/updates.ts`.
      registerType: "prompt",
      injectRegister: false,
      includeAssets: ["favicon.svg", "icon-192.png", "icon-512.png", "theme.js"],
      manifest: {
        id: "/",
        name: "Avaaz",
        short_name: "Avaaz",
        description: "Speak English aloud with a coach that listens.",
        lang: "en",
        dir: "ltr",
        start_url: "/",
        scope: "/",
        categories: ["education"],
        display: "standalone",
        background_color: "#eef5f3",
        theme_color: "#0b6e6a",
        icons: [
          { src: "/icon-192.png", sizes: "192x192", type: "image/png" },
          { src: "/icon-512.png", sizes: "512x512", type: "image/png" },
          { src: "/icon-maskable-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
        ],
        shortcuts: [
          { name: "Talk", url: "/", icons: [{ src: "/icon-192.png", sizes: "192x192" }] },
          { name: "Past calls", url: "/history", icons: [{ src: "/icon-192.png", sizes: "192x192" }] },
        ],
      },
      workbox: {
        globPatterns: ["**/*.{js,css,html,svg,woff2}"],
        // livekit-client is of use only with a network.
        globIgnores: ["**/*vietnamese*", "**/livekit-room-*"],
        // The first version takes the page that brought it at once, so that it works offline from then on.
        clientsClaim: true,
        cleanupOutdatedCaches: true,
        navigateFallback: "/index.html",
        navigateFallbackDenylist: apiPaths,
      },
    }),
  ],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  server: { proxy: { "/api": apiUrl } },
  build: {
    target: "es2022",
    sourcemap: false,
    // The list of what every page needs would be a fiftieth of the shell; the service worker has it all anyway.
    modulePreload: { resolveDependencies: () => [] },
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "shell", test: shell, priority: 3 },
            { name: "data", test: data, priority: 2 },
            {
              name: "talk",
              test: /src\/(frame|components\/(signed-in-layout|account-part|places|later)|talk\/(?!livekit-room))/,
              priority: 1,
            },
          ],
        },
      },
    },
  },
  test: {
    environment: "happy-dom",
    setupFiles: ["src/test/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
    // Machines differ; what never comes fails all the same.
    testTimeout: 60_000,
  },
});
