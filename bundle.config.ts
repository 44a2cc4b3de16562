import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { defineConfig, type Plugin } from 'vite';

/** The output of tsc; the bundles replace its modules. */
const dist = resolve(process.env['DIST'] ?? 'dist');

// Loading hundreds of small modules takes longer than printing a blob or running a modelled migration (`npm run bench --
// dtb show`). So the commands and the rooms that they load most are bundled into a few large modules. Types stay as tsc
// writes them.
const rooms = ['base', 'choice', 'cli', 'devicetree', 'firmware', 'kernel', 'papr', 'partition', 'verdict'];

const isBundled = (path: string) => rooms.some((room) => path.startsWith(join(dist, room, '/')));

/** Loads the maps of tsc too, so that the maps of the bundles lead to the sources and not to the output of tsc. */
function fromSources(): Plugin {
  return {
    name: 'from-sources',
    load(id) {
      if (!isBundled(id)) return null;
      return { code: readFileSync(id, 'utf8'), map: readFileSync(`${id}.map`, 'utf8') };
    },
  };
}

/** Removes the modules that are now in a bundle: loaded from both places, a room would exist twice. */
function removeBundled(): Plugin {
  return {
    name: 'remove-bundled',
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
        'choice/index': join(dist, 'choice/index.js'),
        'cli/index': join(dist, 'cli/index.js'),
        'devicetree/index': join(dist, 'devicetree/index.js'),
        'devicetree/directory': join(dist, 'devicetree/directory.js'),
        'firmware/index': join(dist, 'firmware/index.js'),
        'kernel/index': join(dist, 'kernel/index.js'),
        'papr/index': join(dist, 'papr/index.js'),
        'partition/index': join(dist, 'partition/index.js'),
        'verdict/index': join(dist, 'verdict/index.js'),
      },
      external: (id, importer) => {
        if (!id.startsWith('.')) return !id.startsWith('/');
        return importer !== undefined && !isBundled(resolve(importer, '..', id));
      },
      output: { entryFileNames: '[name].js', chunkFileNames: 'base/[name]-[hash].js' },
    },
  },
  plugins: [fromSources(), removeBundled()],
});
