import { createHash } from 'node:crypto';
import { readDtb, writeDtb } from '../../devicetree/index.ts';
import type { ReleaseName } from '../../kernel/index.ts';
import type { Scenario } from '../../migration/index.ts';
import type { Settled } from '../generate/scenario.ts';
import type { RunName } from '../run-token.ts';
import type { Bounds } from '../search/walk.ts';

/** What a campaign is asked to do: plain data, which threads and other machines can be given. */
export type Ask = ExploreAsk | FuzzAsk | ConformAsk;

interface Common {
  /** Something of the trees could not be read: what is safe is not known to be. */
  readonly gaps?: boolean;
  /** What tokens of its runs begin with; absent where no token can name them. */
  readonly about?: Omit<RunName, 'choices'>;
}

export interface ExploreAsk extends Common {
  readonly kind: 'explore';
  readonly scenario: Packed;
  readonly bounds: Bounds;
  readonly allowed: readonly string[];
}

export interface FuzzAsk extends Common {
  readonly kind: 'fuzz';
  readonly subject: FuzzSubject;
  readonly runs: number;
  readonly seed: number;
  readonly allowed: readonly string[];
}

/** One scenario on the model, or generated ones on the model or on a real kernel. */
export type FuzzSubject =
  | { readonly scenario: Packed }
  | { readonly generated: Settled; readonly kernel?: RealKernel };

export interface ConformAsk extends Common {
  readonly kind: 'conform';
  readonly kernel: RealKernel;
  /** Of the model. */
  readonly release: ReleaseName;
  readonly runs: number;
  readonly seed: number;
}

/** `debian:6.1` or a path, which must lead to the same kernel on every machine. */
export interface RealKernel {
  readonly kernel: string;
  readonly modules?: string | undefined;
  readonly poison?: boolean | undefined;
}

/** Whether an ask needs QEMU. */
export function kernelOf(ask: Ask): RealKernel | undefined {
  if (ask.kind === 'conform') return ask.kernel;
  return ask.kind === 'fuzz' && 'generated' in ask.subject ? ask.subject.kernel : undefined;
}

/** A scenario as plain data: its trees are blobs, in base64. */
export type Packed = Omit<Scenario, 'before' | 'after'> & {
  readonly before: string;
  readonly after: string;
};

export function pack({ before, after, ...rest }: Scenario): Packed {
  return { ...rest, before: writeDtbText(before), after: writeDtbText(after) };
}

/** @throws InputError where a blob is none */
export function unpack({ before, after, ...rest }: Packed): Scenario {
  return { ...rest, before: readDtbText(before, 'before'), after: readDtbText(after, 'after') };
}

function writeDtbText(tree: Scenario['before']): string {
  return Buffer.from(writeDtb(tree)).toString('base64');
}

function readDtbText(text: string, name: string): Scenario['before'] {
  return readDtb(Buffer.from(text, 'base64'), { file: `the tree ${name} of a campaign` });
}

/** Twelve hex digits: the same question to the same build is the same campaign. */
export function campaignId(build: string, ask: Ask): string {
  return createHash('sha256')
    .update(JSON.stringify([build, ask]))
    .digest('hex')
    .slice(0, 12);
}
