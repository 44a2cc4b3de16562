import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { viteSingleFile } from 'vite-plugin-singlefile';

/** Allows the page only its own script and style, by their hashes; it may not load anything. */
function contentSecurityPolicy(): Plugin {
  return {
    name: 'content-security-policy',
    // Scripts and styles are inlined by the time the file is written.
    writeBundle({ dir = '' }) {
      const file = join(dir, 'index.html');
      const html = readFileSync(file, 'utf8');
      const policy = [
        "default-src 'none'",
        `script-src ${hashes(html, /<script type="module"[^>]*>([\s\S]*?)<\/script>/g)}`,
        `style-src ${hashes(html, /<style[^>]*>([\s\S]*?)<\/style>/g)}`,
        "base-uri 'none'",
        "form-action 'none'",
      ];
      const meta = `<meta http-equiv="Content-Security-Policy" content="${policy.join('; ')}">`;
      writeFileSync(
        file,
        html.replace('<!-- policy -->', () => meta),
      );
    },
  };
}

function hashes(html: string, element: RegExp): string {
  const found = Array.from(html.matchAll(element), ([, text = '']) =>
    createHash('sha256').update(text).digest('base64'),
  );
  if (found.length === 0) throw new Error(`${element.source} matches nothing in the built page`);
  return found.map((hash) => `'sha256-${hash}'`).join(' ');
}

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  logLevel: 'warn',
  build: {
    outDir: '../dist/viewer',
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    target: 'es2022',
  },
  plugins: [viteSingleFile({ removeViteModuleLoader: true }), contentSecurityPolicy()],
});
