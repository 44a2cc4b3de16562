import { expect, test } from 'vitest';
import { InputError } from '../../../src/base/index.ts';
import { explain } from '../../../src/field/index.ts';
import { auditToJson, readAudit } from '../../../src/report/index.ts';
import { storyUnder } from '../../viewer/runs.ts';

const { name, after: observation, verdict } = await storyUnder('detach');
const story = explain(observation.log);
const compared = { before: true, wanted: false };
const stored = JSON.parse(JSON.stringify(auditToJson({ name, observation, compared, story, verdict })));
type Finding = (typeof stored)['verdict']['findings'][number];

test('reading a stored audit yields the same audit', () => {
  expect(stored.story.migrations.length).toBeGreaterThan(0);
  expect(stored.verdict.findings.length).toBeGreaterThan(0);
  expect(readAudit(stored)).toEqual(stored);
});

test('each finding includes the explanation of its rule', () => {
  for (const finding of stored.verdict.findings)
    expect(finding).toMatchObject({ why: expect.any(String), remedy: expect.any(String) });
  expect(stored.verdict.findings.map(({ fixedIn }: Finding) => fixedIn)).toContainEqual(
    expect.stringMatching(/^5\.16/),
  );
});

test('an audit of version 1 is read: fixedIn was named mendedIn', () => {
  const findings = stored.verdict.findings.map(({ fixedIn, ...rest }: Finding) => ({
    ...rest,
    mendedIn: fixedIn,
  }));
  expect(readAudit({ ...stored, version: 1, verdict: { ...stored.verdict, findings } })).toEqual(stored);
});

test.each([
  ['another version', { ...stored, version: 3 }, /version 3; this transplant reads versions 1 to 2/],
  ['a run', { format: 'transplant-run' }, /"transplant-run", not an audit/],
  ['no object', 'audit', /not an audit/],
  ['nothing', null, /not an audit/],
  ['version 1 without a verdict', { ...stored, version: 1, verdict: undefined }, /not an audit/],
  ['version 1 with findings of no form', withFindings(1, [null]), /not an audit/],
  ['version 1 with findings that are no list', withFindings(1, {}), /not an audit/],
])('refused: %s', (_, json, message) => {
  expect(() => readAudit(json)).toThrow(InputError);
  expect(() => readAudit(json)).toThrow(message);
});

test('an error names its path', () => {
  expect(() => readAudit(withFindings(2, [{ ...stored.verdict.findings[0], severity: 'bad' }]))).toThrow(
    expect.objectContaining({ where: expect.objectContaining({ path: 'verdict.findings.0.severity' }) }),
  );
});

function withFindings(version: number, findings: unknown): unknown {
  return { ...stored, version, verdict: { ...stored.verdict, findings } };
}
