// npm run bench [-- SUITE…] [--json FILE]: measures, prints a table, and writes the figures as JSON if asked.

import { existsSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { type Figure, isMet, type Missing, type Suite } from './suite.ts';

/** A suite for each file. They are loaded when they are run: they need the built package. */
const suites: Readonly<Record<string, () => Promise<Suite>>> = {
  dtb: async () => (await import('./dtb.ts')).dtb,
  explore: async () => (await import('./explore.ts')).exploration,
  field: async () => (await import('./field.ts')).field,
  growth: async () => (await import('./growth.ts')).growth,
  lab: async () => (await import('./lab.ts')).lab,
  migrate: async () => (await import('./migrate.ts')).migrate,
  report: async () => (await import('./report.ts')).report,
  reconcile: async () => (await import('./reconcile.ts')).reconcile,
  show: async () => (await import('./show.ts')).show,
};

const { values, positionals } = parseArgs({
  options: { json: { type: 'string' } },
  allowPositionals: true,
});

function stop(message: string): never {
  console.error(message);
  process.exit(2);
}

const dist = new URL('../../dist/devicetree/index.js', import.meta.url);
if (!existsSync(dist)) stop('The package is not built: run `npm run build` first.');
for (const name of positionals) {
  if (!suites[name]) stop(`No suite ${name}; there are: ${Object.keys(suites).join(', ')}.`);
}

const number = (value: number) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

function line(figure: Figure | Missing): string {
  if ('missing' in figure) return `  ${figure.name.padEnd(64)} ${figure.missing}`;
  const bound =
    figure.atMost !== undefined
      ? `at most ${figure.atMost}`
      : figure.atLeast !== undefined
        ? `at least ${figure.atLeast}`
        : '';
  const verdict = { true: 'met', false: 'MISSED', undefined: '' }[`${isMet(figure)}`];
  return `  ${figure.name.padEnd(64)} ${number(figure.value).padStart(8)} ${figure.unit.padEnd(8)} ${bound.padEnd(13)} ${verdict}`.trimEnd();
}

const cpu = cpus();
const machine = { node: process.version, cpu: cpu[0]?.model ?? 'unknown', cores: cpu.length };
console.log(`Node ${machine.node}, ${machine.cores} × ${machine.cpu}`);

const results: Record<string, (Figure | Missing)[]> = {};
for (const name of positionals.length > 0 ? positionals : Object.keys(suites)) {
  const suite = await suites[name]?.();
  if (!suite) continue;
  console.log(`\n${name}: ${suite.about}`);
  const figures: (Figure | Missing)[] = [];
  for await (const figure of suite.run()) {
    console.log(line(figure));
    figures.push(figure);
    if (!('missing' in figure) && isMet(figure) === false) process.exitCode = 1;
  }
  results[name] = figures;
}
if (values.json !== undefined)
  writeFileSync(values.json, `${JSON.stringify({ machine, results }, null, 2)}\n`);
