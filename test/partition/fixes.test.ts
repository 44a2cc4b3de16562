import { expect, test } from 'vitest';
import { policyOf } from '../../src/field/support/policy.ts';
import { choosePolicy } from '../../src/lab/partition/policy.ts';
import { modelOf } from '../../src/migration/against-model.ts';
import { scenarioDefaults } from '../../src/migration/index.ts';
import { fixState, ignoresFacilities, nearestRelease, releases } from '../../src/partition/index.ts';
import type { Run } from '../../src/verdict/index.ts';

test.each([
  ['4.18.0', 'absent'],
  ['5.10.144', 'absent'],
  ['5.10.145', 'present'],
  ['5.10.198', 'present'],
  ['5.11.22', 'absent'],
  ['5.14.21', 'absent'],
  ['5.15', 'absent'],
  ['5.15.2', 'absent'],
  ['5.15.3', 'present'],
  ['5.16', 'present'],
  ['5.16-rc1', 'present'],
  ['6.1.0-50-powerpc64le', 'present'],
  ['5.10.0-28-powerpc64le', 'possible'],
  ['5.14.0-362.el9.ppc64le', 'possible'],
  ['', 'unknown'],
] as const)('whether Linux "%s" ignores changes of platform-facilities: %s', (release, state) => {
  expect(fixState(ignoresFacilities, release)).toBe(state);
});

/** Lab, field tools and model treat a kernel alike. */
test.each([
  ['5.10.198', 'ignore', 'ignore (by its release)'],
  ['5.10.100', 'detach', 'detach (by its release)'],
  ['5.15.40', 'ignore', 'ignore (by its release)'],
  ['5.14.0-362.el9.ppc64le', 'ignore', 'possibly detach (by its release)'],
  ['6.12.107+deb13-powerpc64le', 'ignore', 'ignore (by its release)'],
])('every tool knows the policy of Linux %s', (release, lab, field) => {
  expect(choosePolicy(release).name).toBe(lab);
  expect(policyOf(release, [])).toBe(field);
});

test('each modelled release has the policy of the table of fixes', () => {
  for (const { version, policy } of Object.values(releases))
    expect(fixState(ignoresFacilities, version) === 'present' ? 'ignore' : 'detach', version).toBe(policy);
});

test.each([
  ['5.10.0-28-powerpc64le', '5.10'],
  ['5.9', '5.10'],
  ['5.15.3', '5.10'],
  ['6.1.192', '6.1'],
  ['6.2', '6.1'],
  ['6.12', '6.12'],
  ['6.100', '6.12'],
  ['unknown', '5.10'],
])('the model of Linux %s is %s', (kernel, release) => {
  expect(nearestRelease(kernel)).toBe(release);
  const platform = { kind: 'linux', release: kernel, policy: 'ignore', description: '' };
  const real = { before: { platform, devices: [] }, source: {}, destination: {} } as unknown as Run;
  expect(
    modelOf({ ...scenarioDefaults, name: 'x' } as unknown as Parameters<typeof modelOf>[0], real).release,
  ).toBe(release);
});
