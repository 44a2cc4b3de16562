import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { defineConfig, type Plugin } from 'vite';

/** What tsc has built; the bundles take the place of its modules. */
const dist = resolve(process.env['DIST'] ?? 'dist');

// Whoever shows or converts one blob waits longer for eighty small modules than for the work itself (`npm run bench --
// dtb show`): the command, and the room that it needs for it, are a few large ones. Types stay as tsc writes them.
const rooms = ['base', 'cli', 'devicetree'];

const isBundled = (path: string) => rooms.some((room) => path.startsWith(join(dist, room, '/')));

/** So that the maps of the bundles lead to the sources, not to what tsc made of them. */
function fromSources(): Plugin {
  return {
    name: 'from-sources',
    load(id) {
      if (!isBundled(id)) return null;
      return { code: readFileSync(id, 'utf8'), map: readFileSync(`${id}.map`, 'utf8') };
    },
  };
}

/** Modules that are in a bundle and were left behind would be a second room. */
function nothingElse(): Plugin {
  return {
    name: 'nothing-else',
    writeBundle(_, bundle) {
      const written = new Set(Object.keys(bundle).map((name) => join(dist, name)));
      for (const room of rooms) {
        for (const name of readdirSync(join(dist, room), { recursive: true, encoding: 'utf8' })) {
          const path = join(dist, room, name);
          if (/\.js(\.map)?$/.test(path) && !written.has(path)) rmSync(path);
        }
      }
    },
  };
}

export default defineConfig({
  logLevel: 'warn',
  build: {
    ssr: true,
    outDir: dist,
    emptyOutDir: false,
    minify: false,
    sourcemap: true,
    target: 'node20',
    rolldownOptions: {
      input: {
        'base/index': join(dist, 'base/index.js'),
        'base/write-output': join(dist, 'base/write-output.js'),
        'cli/index': join(dist, 'cli/index.js'),
        'devicetree/index': join(dist, 'devicetree/index.js'),
        'devicetree/directory': join(dist, 'devicetree/directory.js'),
      },
      external: (id, importer) => {
        if (!id.startsWith('.')) return !id.startsWith('/');
        return importer !== undefined && !isBundled(resolve(importer, '..', id));
      },
      output: { entryFileNames: '[name].js', chunkFileNames: 'devicetree/[name]-[hash].js' },
    },
  },
  plugins: [fromSources(), nothingElse()],
});
