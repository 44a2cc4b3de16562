import type { NodeState } from '../../src/report/page/document.ts';

/** A sign and a word beside each colour, for eyes that do not tell colours apart. */
export const stateSymbols: Readonly<Record<NodeState, string>> = {
  kept: '=',
  updated: '~',
  new: '+',
  detached: '⊘',
  released: '−',
  lost: '✗',
};

export const stateMeanings: Readonly<Record<NodeState, string>> = {
  kept: 'as it was',
  updated: 'a property changed',
  new: 'was attached',
  detached: 'out of the tree, still held',
  released: 'out of the tree',
  lost: 'firmware describes it, the tree does not have it',
};

export function StateMark({ fate }: { fate: NodeState }) {
  return (
    <span class={`mark ${fate}`} role="img" aria-label={fate} title={`${fate}: ${stateMeanings[fate]}`}>
      {stateSymbols[fate]}
    </span>
  );
}
