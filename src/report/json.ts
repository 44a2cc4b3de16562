import { hexNumber, toHex } from '../base/index.ts';
import type { Change } from '../devicetree/index.ts';
import { type Audit, rules } from '../verdict/index.ts';

/** An audit as plain JSON; each finding includes the explanation of its rule. The tree is omitted, and so is the log except for the story. */
export function auditToJson({ name, observation, compared, story, verdict }: Audit): unknown {
  const { platform, unread, devices, drivers, warnings } = observation;
  const about = new Map(rules.map(({ name, why, remedy, fixedIn }) => [name, { why, remedy, fixedIn }]));
  return {
    format: 'transplant-audit',
    version: 2,
    name,
    platform,
    unread,
    compared,
    devices,
    drivers,
    warnings,
    story,
    verdict: {
      ...verdict,
      findings: verdict.findings.map((finding) => ({ ...finding, ...about.get(finding.rule) })),
    },
  };
}

/** Changes between two trees as plain JSON: values in hex. */
export function diffToJson(changes: readonly Change[]): unknown {
  return changes.map((change) => toJson(change));
}

/** Converts bytes to hex and 64-bit numbers to `0x…`. */
function toJson(value: unknown): unknown {
  if (value instanceof Uint8Array) return toHex(value);
  if (typeof value === 'bigint') return hexNumber(value);
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, toJson(part)]));
}
