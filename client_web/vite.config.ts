// One bundle per screen: every folder of src with a main.ts or main.tsx is an entry, found by Jinja in the manifest.
import { existsSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const here = fileURLToPath(new URL(".", import.meta.url));

function entries(): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(resolve(here, "src")).sort()) {
    for (const main of ["main.ts", "main.tsx"]) {
      const file = resolve(here, "src", name, main);
      if (existsSync(file)) found[name] = file;
    }
  }
  return found;
}

export default defineConfig({
  root: here,
  base: "./",
  publicDir: false,
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: resolve(here, "../server/web/static/dist"),
    emptyOutDir: true,
    manifest: "manifest.json",
    assetsInlineLimit: 0, // a data: address is refused by default-src 'self'
    modulePreload: { polyfill: false },
    target: "chrome111",
    reportCompressedSize: true,
    rollupOptions: { input: entries(), checks: { pluginTimings: false } },
  },
  test: {
    environment: "happy-dom",
    include: ["tests/**/*.test.{ts,tsx}"],
    setupFiles: ["tests/setup.ts"],
    restoreMocks: true,
  },
});
