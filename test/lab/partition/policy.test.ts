import { expect, test } from 'vitest';
import { choosePolicy } from '../../../src/lab/partition/policy.ts';

test('kernels since v5.16 ignore deletes and adds, earlier ones apply them', () => {
  expect(choosePolicy('6.12.107+deb13-powerpc64le')).toEqual({ name: 'ignore', patchesDeviceType: false });
  expect(choosePolicy('5.16.0')).toEqual({ name: 'ignore', patchesDeviceType: false });
  expect(choosePolicy('5.15.0', 'detach')).toEqual({ name: 'detach', patchesDeviceType: false });
});

test('a kernel that ignores them is made to apply them by the device_type patch', () => {
  expect(choosePolicy('6.1.0-50-powerpc64le', 'detach')).toEqual({
    name: 'detach (device_type patched)',
    patchesDeviceType: true,
  });
});

test('a kernel that applies them cannot be made to ignore them', () => {
  expect(() => choosePolicy('5.10.0', 'ignore')).toThrow('applies deletes');
});
