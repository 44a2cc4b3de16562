import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig, type Plugin } from 'vite';

const room = 'dist/devicetree';

/** The modules that tsc made of the room's files are all in the bundle: left behind, they would be a second room. */
function nothingElse(): Plugin {
  return {
    name: 'nothing-else',
    writeBundle(_, bundle) {
      const written = new Set(Object.keys(bundle));
      for (const entry of readdirSync(room, { recursive: true, encoding: 'utf8' })) {
        if (/\.js(\.map)?$/.test(entry) && !written.has(entry.replaceAll('\\', '/')))
          rmSync(join(room, entry));
      }
    },
  };
}

// Whoever converts one blob waits longer for sixty small modules than for the conversion (`npm run bench -- dtb show`):
// the room that is used alone is one module. Its types stay as tsc writes them.
export default defineConfig({
  logLevel: 'warn',
  build: {
    ssr: true,
    outDir: room,
    emptyOutDir: false,
    minify: false,
    sourcemap: true,
    target: 'node20',
    rolldownOptions: {
      input: { index: 'src/devicetree/index.ts', directory: 'src/devicetree/directory.ts' },
      output: { entryFileNames: '[name].js', chunkFileNames: 'common.js' },
    },
  },
  plugins: [nothingElse()],
});
