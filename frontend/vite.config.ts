import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** What the API's server fills in when it serves the built page; the development server does it here. */
function served(environment: NodeJS.ProcessEnv): Plugin {
  return {
    name: "served-placeholders",
    apply: "serve",
    transformIndexHtml: (html) =>
      html
        .replaceAll("__SHOPIFY_API_KEY__", environment.SHOPIFY_CLIENT_ID ?? "")
        .replaceAll("__APP_BRIDGE_URL__", environment.APP_BRIDGE_URL ?? "")
        .replaceAll("__HELP_URL__", environment.HELP_URL ?? "")
        .replaceAll("__SUPPORT_CONTACT__", environment.SUPPORT_CONTACT ?? ""),
  };
}

const api = process.env.API_URL ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [react(), served(process.env)],
  resolve: { alias: { "~": fileURLToPath(new URL("./src", import.meta.url)) } },
  server: { proxy: { "/graphql": { target: api, ws: true }, "/auth": api } },
  build: {
    target: "es2022",
    sourcemap: false,
    assetsInlineLimit: 0,
    // What the first screen needs travels as one file of each kind: dozens of small ones wait for each other.
    cssCodeSplit: false,
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "first", tags: ["$initial"] }] } } },
  },
  test: {
    environment: "jsdom",
    setupFiles: ["src/dev/setupTests.ts"],
    css: false,
    restoreMocks: true,
    // A dialog that is searched by roles takes seconds on a busy machine.
    testTimeout: 30_000,
  },
});
