import type { Chooser } from '../../choice/index.ts';
import { cells, type Property, string, type Tree, type TreeNode } from '../../devicetree/index.ts';
import { otherFacility } from './tree.ts';

/** Most changes of one migration. */
const MAX_EDITS = 6;

/** Lengths of values, from nothing to more than two work areas hold. */
const sizes = [4, 0, 1, 60, 1000, 3900, 4100, 9000] as const;

interface Editing {
  readonly chooser: Chooser;
  /** Gives a phandle, and a number for a name, that nothing has yet. */
  fresh(): number;
}

/** A change of one facility: what stands in its place afterwards. */
type Edit = (facility: TreeNode, editing: Editing) => readonly TreeNode[];

/** In the order of how much they ask of a kernel: the first is the plain one. */
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

/** The tree on the server that a partition comes to. The plain one differs in one value. */
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

/** What makes a node what it is, and what would stop a driver from being there at all. */
const kept = new Set(['name', 'compatible', 'device_type', 'ibm,phandle', 'ibm,resource-id', 'status']);

function changeable({ properties }: TreeNode): readonly Property[] {
  return properties.filter(({ name }) => !kept.has(name));
}

function changed(facility: TreeNode, chooser: Chooser): Property {
  const all = changeable(facility);
  const property = all[chooser.choose(Math.max(1, all.length), 'property')];
  if (!property) return bytesOf('vendor,value', 4, 9);
  // A value of a driver keeps its form; one that nobody reads may have any.
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

/** Bytes that are not all alike, so that a part in the wrong place shows. */
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
