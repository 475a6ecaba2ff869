import { defineConfig } from "vite";

/** One readable file for each island, names without hashes: Django's static files add their own. */
export default defineConfig({
  base: "./",
  publicDir: false,
  build: {
    outDir: "../src/tautband/clinic/project/static/islands",
    emptyOutDir: false, // the bodies made by tools/build_painter_body.py live there too
    target: "es2022",
    modulePreload: false,
    chunkSizeWarningLimit: 700, // three.js; fetched only where a body is painted
    rollupOptions: {
      input: { painter: "src/painter-define.ts" },
      output: { entryFileNames: "[name].js", chunkFileNames: "[name].js", assetFileNames: "[name][extname]" },
    },
  },
});
