import { InputError } from '../../base/index.ts';
import type { Tree, TreeNode } from '../tree.ts';
import { Emitter } from './emitter.ts';
import { MAX_NAME_LENGTH } from './format.ts';

/** Enough for most trees of real machines. */
const FIRST_CAPACITY = 0x10000;

/** The structure of any tree. */
export function emitTree(tree: Tree, start: number): Emitter {
  const emitter = new Emitter(start, FIRST_CAPACITY);
  /** The open nodes, and the number of children of each that have been written. */
  const open: TreeNode[] = [];
  const written: number[] = [];
  let next: TreeNode | undefined = tree.root;
  for (;;) {
    if (next !== undefined) {
      open.push(next);
      written.push(0);
      emitNode(emitter, next, open);
    } else {
      emitter.end();
      open.pop();
      written.pop();
    }
    const depth = open.length - 1;
    const index = written[depth];
    if (index === undefined) return emitter;
    next = open[depth]?.children[index];
    written[depth] = index + 1;
  }
}

/** The node's start and its properties. */
function emitNode(emitter: Emitter, node: TreeNode, open: readonly TreeNode[]): void {
  if (!isName(node.name)) throw cannotWrite('node', node.name, pathOf(open));
  emitter.beginNamed(node.name);
  for (const { name, value } of node.properties) {
    let offset = emitter.strings.known(name);
    if (offset === undefined) {
      if (!isName(name) || name.length > MAX_NAME_LENGTH)
        throw cannotWrite('property', name, `${pathOf(open)}:${name}`);
      offset = emitter.strings.add(name);
    }
    emitter.property(offset, value, 0, value.length);
  }
}

/** Whether every character is a byte, and none the NUL that ends a name. */
function isName(name: string): boolean {
  for (let index = 0; index < name.length; index += 1) {
    const code = name.charCodeAt(index);
    if (code === 0 || code > 0xff) return false;
  }
  return true;
}

function pathOf(open: readonly TreeNode[]): string {
  return open.length > 1 ? open.map(({ name }) => name).join('/') : '/';
}

function cannotWrite(what: string, name: string, path: string): InputError {
  return new InputError(
    `${what} name ${JSON.stringify(name)} cannot be written: a name is bytes other than NUL, a property's at most ${MAX_NAME_LENGTH}`,
    { path },
  );
}
