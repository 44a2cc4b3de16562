import { createHash } from 'node:crypto';
import { readDtb, writeDtb } from '../../devicetree/index.ts';
import type { Scenario } from '../../migration/index.ts';
import type { ReleaseName } from '../../partition/index.ts';
import type { GeneratorOptions } from '../generate/scenario.ts';
import type { RunReference } from '../run-token.ts';
import type { Bounds } from '../search/walk.ts';

/** What a campaign does: plain data that threads and other machines can read. */
export type CampaignSpec = ExploreSpec | FuzzSpec | ConformSpec;

/** What every campaign has. */
export interface SpecBase {
  /** Whether parts of the input could not be read; the result is then at best inconclusive. */
  readonly gaps?: boolean;
  /** What the tokens of its runs begin with; absent when no token can name its scenario. */
  readonly tokenBase?: Omit<RunReference, 'choices'>;
}

/** A search: see `explore`. */
export interface ExploreSpec extends SpecBase {
  readonly kind: 'explore';
  readonly scenario: PackedScenario;
  readonly bounds: Bounds;
  readonly allowed: readonly string[];
}

/** Random runs: see `fuzz`. */
export interface FuzzSpec extends SpecBase {
  readonly kind: 'fuzz';
  readonly target: FuzzTargetSpec;
  readonly runs: number;
  readonly seed: number;
  readonly allowed: readonly string[];
}

/** What is fuzzed: one scenario on the model, or generated scenarios on the model or on a real kernel. */
export type FuzzTargetSpec =
  | { readonly scenario: PackedScenario }
  | { readonly generated: GeneratorOptions; readonly kernel?: RealKernel };

/** Comparisons of the model with a real kernel: see `conform`. */
export interface ConformSpec extends SpecBase {
  readonly kind: 'conform';
  readonly kernel: RealKernel;
  /** Release of the model. */
  readonly release: ReleaseName;
  readonly runs: number;
  readonly seed: number;
}

/** A kernel to boot: `debian:6.1`, or a path that leads to the same kernel on every machine. */
export interface RealKernel {
  readonly kernel: string;
  readonly modules?: string | undefined;
  readonly poison?: boolean | undefined;
}

/** The kernel that a campaign boots; undefined when it needs no QEMU. */
export function realKernelOf(spec: CampaignSpec): RealKernel | undefined {
  if (spec.kind === 'conform') return spec.kernel;
  return spec.kind === 'fuzz' && 'generated' in spec.target ? spec.target.kernel : undefined;
}

/** A scenario as plain data: its trees are blobs in base64. */
export type PackedScenario = Omit<Scenario, 'before' | 'after'> & {
  readonly before: string;
  readonly after: string;
};

/** Turns a scenario into plain data. */
export function packScenario({ before, after, ...rest }: Scenario): PackedScenario {
  return { ...rest, before: writeDtbText(before), after: writeDtbText(after) };
}

/** The inverse of `packScenario`. @throws InputError for a blob that is not one */
export function unpackScenario({ before, after, ...rest }: PackedScenario): Scenario {
  return { ...rest, before: readDtbText(before, 'before'), after: readDtbText(after, 'after') };
}

function writeDtbText(tree: Scenario['before']): string {
  return Buffer.from(writeDtb(tree)).toString('base64');
}

function readDtbText(text: string, name: string): Scenario['before'] {
  return readDtb(Buffer.from(text, 'base64'), { file: `the tree ${name} of a campaign` });
}

/** The id of a campaign, twelve hex digits: equal specs of the same build are the same campaign. */
export function campaignId(build: string, spec: CampaignSpec): string {
  return createHash('sha256')
    .update(JSON.stringify([build, spec]))
    .digest('hex')
    .slice(0, 12);
}
