import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { precompress } from './precompress.js';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('.'),
  // JSX needs no plugin: the compiler that Vite carries writes Preact's calls itself.
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: here('../dist/web'),
    emptyOutDir: true,
    target: 'es2022',
    // The policy of the page allows no `data:` but for images, and small files are cheap on one connection.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    modulePreload: { polyfill: false },
  },
  plugins: [precompress()],
  server: {
    port: 5173,
    proxy: { '/api': { target: process.env.IMAGEKIN_SERVER ?? 'http://127.0.0.1:4090' } },
  },
});
