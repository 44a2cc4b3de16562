import type { Fault, LogLine } from '../../partition/index.ts';
import type { KnownLine, Phase, Recognised, Weight } from '../lines/index.ts';
import { subjectOf } from './subject.ts';

/** Something that a log says: one known line, or one fault with all its lines. */
export interface LogEvent {
  /** Index in the log of its first line. */
  readonly at: number;
  /** Of its last one. */
  readonly end: number;
  /** The line; of a fault, the one that says what is wrong. */
  readonly line: LogLine;
  /** Name of the known line, or of the kind of fault. */
  readonly name: string;
  readonly weight: Weight;
  readonly meaning: string;
  readonly phase?: Phase;
  readonly proves?: KnownLine['proves'];
  /** Name of the rule that makes a finding of it. */
  readonly rule?: string;
  /** What the finding is about. */
  readonly subject?: string;
  /** What the line's pattern captured. */
  readonly values: readonly string[];
  readonly fault?: Fault;
}

/** The event of a known line. */
export function lineEvent({ line: known, match }: Recognised, at: number, line: LogLine): LogEvent {
  const { name, weight, phase, proves, rule, subject } = known;
  const values = match.slice(1).map((value) => value ?? '');
  return {
    at,
    end: at,
    line,
    name,
    weight,
    meaning: filled(known.meaning, values),
    ...(phase && { phase }),
    ...(proves && { proves }),
    ...(rule !== undefined && { rule }),
    ...(subject !== undefined && { subject: filled(subject, values) }),
    values,
  };
}

function filled(text: string, values: readonly string[]): string {
  return text.replace(/\$(\d)/g, (_, group: string) => values[Number(group) - 1] ?? '');
}

/**
 * The event of a fault. The call trace says what it is about: a warning about a reference count without a node's function in
 * its trace is not about a node.
 * @param known what the fault's message means, if that is known
 */
export function faultEvent(fault: Fault, line: LogLine, known: Recognised | undefined): LogEvent {
  const event = known ? lineEvent(known, fault.at, line) : undefined;
  const { name, weight, meaning, rule, subject } = explainFault(fault, event);
  return {
    at: fault.at,
    end: fault.end,
    line: { ...line, text: fault.message },
    name,
    weight,
    meaning,
    ...(rule !== undefined && { rule }),
    subject: subject ?? subjectOf(fault).short,
    values: event?.values ?? [],
    fault,
  };
}

type Explained = Pick<LogEvent, 'name' | 'weight' | 'meaning' | 'rule' | 'subject'>;

function explainFault(fault: Fault, event: LogEvent | undefined): Explained {
  const about = subjectOf(fault);
  if (about.isSelfTest)
    return {
      name: event?.name ?? nameOf[fault.kind],
      weight: 'harmless',
      meaning: 'A self-test of the kernel provokes this on purpose.',
    };
  const isOfCaches = fault.place?.endsWith(CACHEINFO) || fault.place?.includes(`${CACHEINFO}:`);
  if (event?.name === 'use-after-free' || event?.name === 'count-saturated') {
    if (about.isNode !== false) return { ...event, subject: about.short };
    return elsewhere(event, about.text);
  }
  if (event) return event;
  if (fault.kind === 'oops')
    return {
      name: 'kernel-oops',
      weight: 'trouble',
      rule: 'kernel-oops',
      meaning: `The kernel failed ${about.text}. ${ofTree(about.isOfTree)}`,
    };
  if (fault.kind === 'stall')
    return {
      name: 'cpu-stuck',
      weight: 'trouble',
      rule: 'kernel-stalled',
      meaning: `A CPU or a task has not moved for long, ${about.text}. Outside of a migration this is a hang.`,
    };
  if (isOfCaches && fault.callChain.every((name) => name !== 'cacheinfo_cpu_online'))
    return {
      name: 'cache-mismatch',
      weight: 'trouble',
      rule: 'cache-mismatch',
      meaning:
        "The kernel's description of the caches does not fit together: cache nodes were replaced while it referred to them.",
    };
  if (isHarmlessWarning(fault))
    return {
      name: 'kernel-warning',
      weight: 'harmless',
      meaning: `A check of the kernel complains ${about.text}: DMA memory is freed with interrupts disabled, which this platform allows. ${ofTree(false)}`,
    };
  return {
    name: 'kernel-warning',
    weight: 'notable',
    rule: 'kernel-warning',
    meaning: `A check of the kernel failed ${about.text}; the kernel goes on. ${ofTree(about.isOfTree)}`,
  };
}

const CACHEINFO = 'arch/powerpc/kernel/cacheinfo.c';

const nameOf = {
  warning: 'kernel-warning',
  oops: 'kernel-oops',
  stall: 'cpu-stuck',
  trace: 'kernel-warning',
} as const;

function ofTree(isOfTree: boolean | undefined): string {
  if (isOfTree === undefined) return 'The log does not show its call trace.';
  return isOfTree ? 'The device tree is concerned.' : 'No device-tree node is concerned.';
}

/** A reference count that is not a node's. */
function elsewhere(event: LogEvent, text: string): Explained {
  if (event.name === 'count-saturated')
    return {
      name: 'count-saturated-elsewhere',
      weight: 'notable',
      rule: 'kernel-warning',
      meaning: `A reference count is wrong and was frozen ${text}. ${ofTree(false)}`,
    };
  return {
    name: 'use-after-free-elsewhere',
    weight: 'trouble',
    rule: 'use-after-free-elsewhere',
    meaning: `The kernel uses memory after its last reference was dropped, ${text}. ${ofTree(false)}`,
  };
}

/** dma_free_attrs() checks since v4.21 for a limit that other platforms have; ibmvscsi frees its pool under a lock. */
function isHarmlessWarning({ place, callChain }: Fault): boolean {
  return /(?:^|\/)kernel\/dma\/mapping\.c:/.test(place ?? '') && callChain.includes('vio_bus_remove');
}
