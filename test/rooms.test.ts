import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

/**
 * The house: rows from the ground up. A room may import rooms of lower rows and itself; rooms of one row stand side by
 * side and know nothing of each other.
 */
const rows = [
  ['base'],
  ['devicetree', 'choice'],
  ['papr'],
  ['partition', 'firmware'],
  ['lab', 'kernel', 'verdict'],
  ['field', 'migration', 'report'],
  ['explore'],
  ['cli', 'index.ts'],
];

const src = resolve(import.meta.dirname, '../src');

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sources(path);
    return path.endsWith('.ts') ? [path] : [];
  });
}

function imports(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const found = text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g);
  return Array.from(found, (match) => match[1] ?? '');
}

const roomOf = (path: string) => relative(src, path).split('/')[0] ?? '';
const rowOf = (room: string) => rows.findIndex((row) => row.includes(room));

test('every room of src is in the layer table', () => {
  for (const name of readdirSync(src)) expect(rowOf(name), name).toBeGreaterThanOrEqual(0);
});

test('a room is above all rooms that it imports', () => {
  const wrong: string[] = [];
  for (const file of sources(src)) {
    const here = roomOf(file);
    for (const specifier of imports(file)) {
      if (!specifier.startsWith('.')) continue;
      const there = roomOf(resolve(dirname(file), specifier));
      if (there !== here && rowOf(there) >= rowOf(here))
        wrong.push(`${relative(src, file)} imports ${specifier}`);
    }
  }
  expect(wrong).toEqual([]);
});

/**
 * Layers inside a room, each a folder, from the ground up. A file imports only its own layer and lower ones; files directly in
 * the room are above all layers. Type imports count.
 */
const layers: Readonly<Record<string, readonly string[]>> = {
  field: ['archive', 'capture', 'support', 'plan'],
  kernel: ['core', 'of', 'pseries', 'drivers', 'policies'],
  lab: ['setup', 'agent', 'traps', 'qemu', 'guest', 'partition'],
};

function layerOf(path: string, folders: readonly string[]): number {
  const [, folder = '', ...rest] = relative(src, path).split('/');
  return rest.length > 0 ? folders.indexOf(folder) : folders.length;
}

test.each(Object.entries(layers))('the layers of %s are complete and directed', (room, folders) => {
  const wrong: string[] = [];
  for (const file of sources(join(src, room))) {
    const here = layerOf(file, folders);
    if (here < 0) wrong.push(`${relative(src, file)} is in no layer`);
    for (const specifier of imports(file)) {
      const target = resolve(dirname(file), specifier);
      if (specifier.startsWith('.') && roomOf(target) === room && layerOf(target, folders) > here)
        wrong.push(`${relative(src, file)} imports ${specifier}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('no file imports itself through others, type imports included', () => {
  expect(circles().map((circle) => circle.map((file) => relative(src, file)).sort())).toEqual([]);
});

/** Groups of files that import each other: strongly connected components with more than one file (Tarjan). */
function circles(): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (file: string): number => {
    const index = order.size;
    order.set(file, index);
    stack.push(file);
    let low = index;
    for (const specifier of imports(file)) {
      const target = resolve(dirname(file), specifier);
      if (!specifier.startsWith('.') || !target.endsWith('.ts')) continue;
      if (!order.has(target)) low = Math.min(low, visit(target));
      else if (stack.includes(target)) low = Math.min(low, lowest.get(target) ?? order.get(target) ?? low);
      lowest.set(file, low);
    }
    if (low === index) {
      const circle = stack.splice(stack.indexOf(file));
      if (circle.length > 1 || imports(file).some((each) => resolve(dirname(file), each) === file))
        found.push(circle);
    }
    return low;
  };
  for (const file of sources(src)) if (!order.has(file)) visit(file);
  return found;
}

test('another room is entered through its index, or through a file meant for it', () => {
  const entryPoints = new Set([
    'base/write-output.ts',
    'devicetree/directory.ts',
    'explore/load-redis.ts',
    'explore/redis.ts',
    'migration/boot-linux.ts',
    'report/text/index.ts',
  ]);
  const wrong: string[] = [];
  for (const file of sources(src)) {
    for (const specifier of imports(file)) {
      if (!specifier.startsWith('.')) continue;
      const target = relative(src, resolve(dirname(file), specifier));
      if (roomOf(file) === target.split('/')[0]) continue;
      if (!/^[^/]+\/index\.ts$/.test(target) && !entryPoints.has(target)) {
        wrong.push(`${relative(src, file)} imports ${specifier}`);
      }
    }
  }
  expect(wrong).toEqual([]);
});

/** Rooms that run in a browser, and their files that are for Node alone. */
const browserRooms = ['base', 'choice', 'devicetree', 'firmware', 'kernel', 'papr', 'partition', 'verdict'];
const nodeOnly = ['base/write-output.ts', 'devicetree/directory.ts'];

test('rooms for the browser import only each other', () => {
  const wrong: string[] = [];
  for (const file of browserRooms.flatMap((room) => sources(join(src, room)))) {
    if (nodeOnly.includes(relative(src, file))) continue;
    for (const specifier of imports(file)) {
      const target = resolve(dirname(file), specifier);
      const isFit = specifier.startsWith('.') && browserRooms.includes(roomOf(target));
      if (!isFit || nodeOnly.includes(relative(src, target)))
        wrong.push(`${relative(src, file)} imports ${specifier}`);
    }
  }
  expect(wrong).toEqual([]);
});

// Without those types the compiler reports globals such as Buffer and process.
test('rooms for the browser compile without the types of Node', () => {
  const path = resolve(src, '../tsconfig.browser.json');
  const { files } = JSON.parse(readFileSync(path, 'utf8').replace(/^ *\/\/.*$/gm, '')) as { files: string[] };
  expect(files).toEqual(browserRooms.map((room) => `src/${room}/index.ts`));
  const tsc = resolve(src, '../node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', path], { encoding: 'utf8' });
  expect(stdout).toBe('');
});

/** Packages that a file imports statically, directly or indirectly. Type imports and `import(…)` do not count. */
function packagesOf(entry: string): readonly string[] {
  const seen = new Set<string>();
  const found = new Set<string>();
  const visit = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = readFileSync(file, 'utf8');
    for (const [, specifier = ''] of text.matchAll(/^(?:import|export) (?!type )[^;]*?from '([^']+)'/gm)) {
      if (specifier.startsWith('.')) visit(resolve(dirname(file), specifier));
      else if (!specifier.startsWith('node:')) found.add(specifier);
    }
  };
  visit(join(src, entry));
  return Array.from(found);
}

test('packages for validation and archives are loaded only on use: loading takes longer than many commands run', () => {
  for (const room of ['base', 'devicetree', 'verdict', 'field', 'report/text'])
    expect(packagesOf(`${room}/index.ts`), room).toEqual([]);
  expect(packagesOf('report/index.ts')).toEqual(['zod']);
});
