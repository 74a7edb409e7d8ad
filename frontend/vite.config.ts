import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
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
    "src/(i18n/(index|en)\\.|lib/(store|theme|known|title|in-call|reachable)|pwa/(root|stale)|welcome/|router|app\\.ts|not-found-page|broken-page)",
    "src/components/(button|logo|public-layout|settings-menu|skip-link|states)",
  ].join("|"),
);

export default defineConfig({
  plugins: [
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
    rolldownOptions: {
      output: {
        codeSplitting: { groups: [{ name: "shell", test: shell }] },
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
