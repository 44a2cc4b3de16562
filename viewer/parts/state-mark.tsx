import type { NodeState } from '../../src/report/page/document.ts';

/** A symbol for each state, because not everybody can distinguish the colours. */
export const stateSymbols: Readonly<Record<NodeState, string>> = {
  kept: '=',
  updated: '~',
  new: '+',
  detached: '⊘',
  released: '−',
  lost: '✗',
};

/** The states in words. */
export const stateMeanings: Readonly<Record<NodeState, string>> = {
  kept: 'unchanged',
  updated: 'a property changed',
  new: 'attached during the run',
  detached: 'not in the tree, still held',
  released: 'not in the tree',
  lost: 'described by firmware, not in the tree',
};

/** The symbol of a state. */
export function StateMark({ state }: { state: NodeState }) {
  return (
    <span class={`mark ${state}`} role="img" aria-label={state} title={`${state}: ${stateMeanings[state]}`}>
      {stateSymbols[state]}
    </span>
  );
}
