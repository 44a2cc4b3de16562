import { expect, test } from 'vitest';
import { EnvironmentError, InputError } from '../../src/base/index.ts';

test('a caller completes the place and does not replace what is known', () => {
  const error = new InputError('bad', { offset: 4, path: '/a' }, { hint: 'do', excerpt: 'x\n^' });
  const placed = error.at({ file: 'f.dtb', path: '/b' });
  expect(placed).toBeInstanceOf(InputError);
  expect(placed.message).toBe('bad');
  expect(placed.where).toEqual({ file: 'f.dtb', offset: 4, path: '/a' });
  expect([placed.hint, placed.excerpt]).toEqual(['do', 'x\n^']);
  expect(new InputError('bad').at({ line: 1 }).hint).toBeUndefined();
});

test('errors have names, hints and causes', () => {
  const cause = new Error('ENOENT');
  const error = new EnvironmentError('no qemu', 'apt-get install qemu-system-ppc', cause);
  expect([error.name, error.hint, error.cause]).toEqual([
    'EnvironmentError',
    'apt-get install qemu-system-ppc',
    cause,
  ]);
  expect('cause' in new EnvironmentError('no qemu')).toBe(false);
  expect(new InputError('bad').name).toBe('InputError');
});
