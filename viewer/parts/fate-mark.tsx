import type { Fate } from '../../src/report/page/document.ts';

/** A sign and a word beside each colour, for eyes that do not tell colours apart. */
export const fateSigns: Readonly<Record<Fate, string>> = {
  kept: '=',
  updated: '~',
  new: '+',
  detached: '⊘',
  released: '−',
  lost: '✗',
};

export const fateMeanings: Readonly<Record<Fate, string>> = {
  kept: 'as it was',
  updated: 'a property changed',
  new: 'was attached',
  detached: 'out of the tree, still held',
  released: 'out of the tree',
  lost: 'firmware describes it, the tree does not have it',
};

export function FateMark({ fate }: { fate: Fate }) {
  return (
    <span class={`mark ${fate}`} role="img" aria-label={fate} title={`${fate}: ${fateMeanings[fate]}`}>
      {fateSigns[fate]}
    </span>
  );
}
