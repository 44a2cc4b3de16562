import fc from 'fast-check';
import type {
  ConnectorItem,
  NodeOperation,
  PropertyDescriptor,
  UpdateNodesReply,
  UpdatePropertiesReply,
} from '../../src/papr/index.ts';

/** Well-formed replies that fit a work area. */

const word = fc.nat({ max: 0xffffffff });
const letters = fc.string({
  unit: fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code)),
});
const name = letters.map((text) => `n${text}`);
const value = fc.uint8Array({ minLength: 1, maxLength: 80 });

const phandles = fc.array(word, { maxLength: 40 });
const lists = (operation: 'delete' | 'update') =>
  fc.array(fc.record({ operation: fc.constant(operation), phandles }), { maxLength: 3 });
const pairs = fc.array(fc.record({ parent: word, drcIndex: word }), { maxLength: 40 });
const adds = fc.array(fc.record({ operation: fc.constant('add' as const), pairs }), { maxLength: 3 });

export const nodesReplies: fc.Arbitrary<UpdateNodesReply> = fc.record({
  state: word,
  operations: fc
    .tuple(lists('delete'), lists('update'), adds)
    .map((groups): readonly NodeOperation[] => groups.flat()),
});

const descriptor: fc.Arbitrary<PropertyDescriptor> = fc.oneof(
  fc.record({ kind: fc.constantFrom('empty' as const, 'deleted' as const), name }),
  fc.record({ kind: fc.constant('value' as const), name, value }),
);
const path = letters.map((rest): PropertyDescriptor => ({ kind: 'path', path: `/${rest}` }));
const partial = fc.record({ kind: fc.constant('partial' as const), name, value });

export const propertiesReplies: fc.Arbitrary<UpdatePropertiesReply> = fc
  .record({
    phandle: word,
    state: word,
    first: fc.option(path, { nil: undefined }),
    middle: fc.array(descriptor, { maxLength: 12 }),
    last: fc.option(partial, { nil: undefined }),
  })
  .map(({ phandle, state, first, middle, last }) => ({
    phandle,
    state,
    descriptors: [...(first ? [first] : []), ...middle, ...(last ? [last] : [])],
  }));

export const connectorItems: fc.Arbitrary<ConnectorItem> = fc.oneof(
  fc.record({ status: fc.constantFrom(1 as const, 2 as const), name }),
  fc.record({ status: fc.constant(3 as const), name, value: fc.uint8Array({ maxLength: 200 }) }),
  fc.record({ status: fc.constantFrom(0 as const, 4 as const, 5 as const) }),
);
