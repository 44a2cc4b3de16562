import { createHash } from 'node:crypto';
import { readDtb, writeDtb } from '../../devicetree/index.ts';
import type { Scenario } from '../../migration/index.ts';
import type { ReleaseName } from '../../partition/index.ts';
import type { GeneratorOptions } from '../generate/scenario.ts';
import type { RunReference } from '../run-token.ts';
import type { Bounds } from '../search/walk.ts';

/** What a campaign is asked to do: plain data, which threads and other machines can be given. */
export type CampaignSpec = ExploreSpec | FuzzSpec | ConformSpec;

export interface SpecBase {
  /** Something of the trees could not be read: what is safe is not known to be. */
  readonly gaps?: boolean;
  /** What tokens of its runs begin with; absent where no token can name them. */
  readonly tokenBase?: Omit<RunReference, 'choices'>;
}

export interface ExploreSpec extends SpecBase {
  readonly kind: 'explore';
  readonly scenario: PackedScenario;
  readonly bounds: Bounds;
  readonly allowed: readonly string[];
}

export interface FuzzSpec extends SpecBase {
  readonly kind: 'fuzz';
  readonly target: FuzzTargetSpec;
  readonly runs: number;
  readonly seed: number;
  readonly allowed: readonly string[];
}

/** One scenario on the model, or generated ones on the model or on a real kernel. */
export type FuzzTargetSpec =
  | { readonly scenario: PackedScenario }
  | { readonly generated: GeneratorOptions; readonly kernel?: RealKernel };

export interface ConformSpec extends SpecBase {
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
export function realKernelOf(spec: CampaignSpec): RealKernel | undefined {
  if (spec.kind === 'conform') return spec.kernel;
  return spec.kind === 'fuzz' && 'generated' in spec.target ? spec.target.kernel : undefined;
}

/** A scenario as plain data: its trees are blobs, in base64. */
export type PackedScenario = Omit<Scenario, 'before' | 'after'> & {
  readonly before: string;
  readonly after: string;
};

export function packScenario({ before, after, ...rest }: Scenario): PackedScenario {
  return { ...rest, before: writeDtbText(before), after: writeDtbText(after) };
}

/** @throws InputError where a blob is none */
export function unpackScenario({ before, after, ...rest }: PackedScenario): Scenario {
  return { ...rest, before: readDtbText(before, 'before'), after: readDtbText(after, 'after') };
}

function writeDtbText(tree: Scenario['before']): string {
  return Buffer.from(writeDtb(tree)).toString('base64');
}

function readDtbText(text: string, name: string): Scenario['before'] {
  return readDtb(Buffer.from(text, 'base64'), { file: `the tree ${name} of a campaign` });
}

/** Twelve hex digits: the same question to the same build is the same campaign. */
export function campaignId(build: string, spec: CampaignSpec): string {
  return createHash('sha256')
    .update(JSON.stringify([build, spec]))
    .digest('hex')
    .slice(0, 12);
}
