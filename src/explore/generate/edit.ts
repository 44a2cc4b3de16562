import type { Chooser } from '../../choice/index.ts';
import { cells, type Property, string, type Tree, type TreeNode } from '../../devicetree/index.ts';
import { otherFacility } from './tree.ts';

/** Maximum number of changes of one migration. */
const MAX_EDITS = 6;

/** Lengths of values in bytes, from none to more than two work areas hold. */
const sizes = [4, 0, 1, 60, 1000, 3900, 4100, 9000] as const;

interface Editing {
  readonly chooser: Chooser;
  /** An unused number, for a phandle or a name. */
  fresh(): number;
}

/** A change of one facility. @returns the nodes that replace it */
type Edit = (facility: TreeNode, editing: Editing) => readonly TreeNode[];

/** Changes, from the simplest to the most complex: shrinking prefers the first. */
const edits: readonly (readonly [what: string, Edit])[] = [
  ['a value changes', (each, { chooser }) => [withProperty(each, changed(each, chooser))]],
  [
    'a property comes',
    (each, { chooser, fresh }) => [
      withProperty(each, bytesOf(`vendor,new-${fresh() & 0xff}`, sizeFrom(chooser), 7)),
    ],
  ],
  ['a property goes', (each, { chooser }) => [withoutProperty(each, chooser)]],
  ['it goes', () => []],
  ['another comes', (each, editing) => [each, newcomer(editing)]],
  [
    'its phandle is another',
    (each, { fresh }) => [withProperty(each, cells('ibm,phandle', 0x5000_0000 + fresh()))],
  ],
  ['it is of another kind', (each) => [withProperty(each, string('compatible', 'vendor,other'))]],
  ['a part of it goes', (each) => [{ ...each, children: each.children.slice(1) }]],
  ['a part of it comes', (each, editing) => [{ ...each, children: [...each.children, newcomer(editing)] }]],
  [
    'its state is another',
    (each, { chooser }) => [
      withProperty(
        each,
        string('status', ['disabled', 'okay', 'fail'][chooser.choose(3, 'status')] ?? 'okay'),
      ),
    ],
  ],
];

/** The tree on the destination server. With all choices 0 it differs in one value. */
export function generateEdits(chooser: Chooser, before: Tree): Tree {
  let number = 0;
  const editing: Editing = { chooser, fresh: () => ++number };
  let { root } = before;
  const count = 1 + chooser.choose(MAX_EDITS, 'edits');
  for (let edit = 0; edit < count; edit++) root = editOnce(root, editing);
  if (chooser.choose(2, 'system id') === 1) root = withProperty(root, string('system-id', 'IBM,020000002'));
  return { ...before, root };
}

function editOnce(root: TreeNode, editing: Editing): TreeNode {
  const { chooser } = editing;
  const parent = root.children[0];
  if (!parent || parent.children.length === 0) return root;
  const at = chooser.choose(parent.children.length, 'facility');
  const [, edit] = edits[chooser.choose(edits.length, 'edit')] ?? [];
  const facility = parent.children[at];
  if (!edit || !facility) return root;
  const children = parent.children.toSpliced(at, 1, ...edit(facility, editing));
  return { ...root, children: root.children.with(0, { ...parent, children }) };
}

function newcomer({ chooser, fresh }: Editing): TreeNode {
  const number = fresh();
  return otherFacility(`vendor,late-v${number}`, 0x4000_0000 + number, chooser.choose(3, 'parts'));
}

/** Properties that identify a node, or without which no driver binds. */
const kept = new Set(['name', 'compatible', 'device_type', 'ibm,phandle', 'ibm,resource-id', 'status']);

function changeable({ properties }: TreeNode): readonly Property[] {
  return properties.filter(({ name }) => !kept.has(name));
}

function changed(facility: TreeNode, chooser: Chooser): Property {
  const all = changeable(facility);
  const property = all[chooser.choose(Math.max(1, all.length), 'property')];
  if (!property) return bytesOf('vendor,value', 4, 9);
  // A value that a driver reads keeps its form.
  if (property.value.length === 4 && chooser.choose(2, 'same length') === 0)
    return cells(property.name, 0x2fff_ff02);
  if (property.value.length > 4) {
    return {
      name: property.name,
      value: property.value.map((byte, at) => (at % 4 === 2 ? byte ^ 0x10 : byte)),
    };
  }
  return bytesOf(property.name, sizeFrom(chooser), 5);
}

function sizeFrom(chooser: Chooser): number {
  return sizes[chooser.choose(sizes.length, 'size')] ?? 4;
}

/** Bytes that differ, so that a part at the wrong offset is detected. */
function bytesOf(name: string, length: number, seed: number): Property {
  return { name, value: Uint8Array.from({ length }, (_, at) => (at * 31 + seed + (at >> 8)) & 0xff) };
}

function withProperty(of: TreeNode, property: Property): TreeNode {
  const at = of.properties.findIndex(({ name }) => name === property.name);
  const properties = at < 0 ? [...of.properties, property] : of.properties.with(at, property);
  return { ...of, properties };
}

function withoutProperty(of: TreeNode, chooser: Chooser): TreeNode {
  const all = changeable(of);
  const gone = all[chooser.choose(Math.max(1, all.length), 'property')];
  return { ...of, properties: of.properties.filter((property) => property !== gone) };
}
