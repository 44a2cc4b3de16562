/**
 * Prints the names that signatures of a package's public declarations use but no public module exports, one a line.
 * A user cannot name such a type. A class that is exported as a type only cannot be constructed, so its constructor
 * does not count.
 *
 *     node missing-types.js FOLDER
 *
 * @param FOLDER holds package.json, whose `exports` name the public modules, and the built declarations
 */
import { readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import ts from 'typescript-6';

const folder = resolve(process.argv[2] ?? '.');
const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const entries = Object.values(exports)
  .filter((path) => path.endsWith('.js'))
  .map((path) => join(folder, path.replace(/\.js$/, '.d.ts')));

const program = ts.createProgram(entries, {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.NodeNext,
  types: ['node'],
  noEmit: true,
});
const checker = program.getTypeChecker();

/** Resolves an import or a re-export to its original symbol. */
const original = (symbol) =>
  symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;

const isTypeOnly = (symbol) =>
  symbol.declarations?.some((each) => ts.isExportSpecifier(each) && ts.isTypeOnlyExportDeclaration(each)) ??
  false;

/** Public symbols, by their original: how each is called, and whether every export of it is of its type only. */
const published = new Map();
for (const entry of entries) {
  const file = program.getSourceFile(entry);
  if (!file) throw new Error(`${entry}: no such file; build the package first`);
  const room = relative(join(folder, 'dist'), entry).replace(/(\/?index)?\.d\.ts$/, '') || '.';
  for (const symbol of checker.getExportsOfModule(checker.getSymbolAtLocation(file))) {
    const key = original(symbol);
    const known = published.get(key);
    published.set(key, {
      name: known?.name ?? `${room} ${symbol.name}`,
      isTypeOnly: isTypeOnly(symbol) && (known?.isTypeOnly ?? true),
    });
  }
}

/** A type of the package. What only `typeof` names, such as a schema, has a type with a name of its own. */
const isType = ({ flags, declarations = [] }) =>
  (flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias | ts.SymbolFlags.Class)) !== 0 &&
  declarations.some(
    ({ parent }) => ts.isSourceFile(parent) && parent.fileName.startsWith(join(folder, 'dist/')),
  );

const missing = new Map();

function visit(node, user) {
  if (ts.isConstructorDeclaration(node) && user.isTypeOnly) return;
  if (
    ts.canHaveModifiers(node) &&
    ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword)
  )
    return;
  if (ts.isIdentifier(node)) {
    const symbol = checker.getSymbolAtLocation(node);
    const used = symbol && original(symbol);
    if (used && isType(used) && !published.has(used)) {
      const [declaration] = used.declarations;
      const file = relative(join(folder, 'dist'), declaration.getSourceFile().fileName);
      missing.set(`${file} ${used.name}`, user.name);
      // Its own signature is public as soon as it is.
      published.set(used, { name: `${file} ${used.name}`, isTypeOnly: true });
      for (const each of used.declarations) visit(each, published.get(used));
    }
    return;
  }
  ts.forEachChild(node, (child) => visit(child, user));
}

for (const [symbol, user] of [...published]) for (const each of symbol.declarations ?? []) visit(each, user);
for (const [name, user] of missing) process.stdout.write(`${name} (used by ${user})\n`);
