import { CommanderError } from 'commander';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { EnvironmentError, InputError } from '../../src/base/index.ts';
import { reportError } from '../../src/cli/exit.ts';
import { Interrupted } from '../../src/cli/terminal.ts';

let printed = '';
beforeEach(() => {
  printed = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    printed += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** What an error prints on standard error, and the exit status it sets. */
function report(error: unknown): readonly [printed: string, status: unknown] {
  process.exitCode = undefined;
  reportError(error);
  return [printed, process.exitCode];
}

describe('bad input: what is wrong and where, status 2', () => {
  test.each([
    ['no place', {}, 'm', 'm'],
    ['a file', { file: 'a.dts' }, 'm', 'a.dts: m'],
    ['a line', { file: 'a.dts', line: 3 }, 'm', 'a.dts:3: m'],
    ['a line and a column', { file: 'a.dts', line: 3, column: 7 }, 'm', 'a.dts:3:7: m'],
    ['an offset', { file: 'a.dtb', offset: 60 }, 'm', 'a.dtb, offset 60: m'],
    ['offset 0', { file: 'a.dtb', offset: 0 }, 'm', 'a.dtb, offset 0: m'],
    ['an offset without a file', { offset: 60 }, 'm', 'offset 60: m'],
    ['a node', { file: 'a.dtb', path: '/b' }, 'no phandle', 'a.dtb, /b: no phandle'],
    [
      'a node that the message names',
      { file: 'a.dtb', path: '/b' },
      '/b: no phandle',
      'a.dtb: /b: no phandle',
    ],
    ['a node without a file', { path: '/b' }, 'no phandle', '/b: no phandle'],
    ['a node and an offset', { file: 'a.dtb', path: '/b', offset: 4 }, 'm', 'a.dtb, /b, offset 4: m'],
  ])('%s', (_, where, message, expected) => {
    expect(report(new InputError(message, where))).toEqual([`transplant: ${expected}\n`, 2]);
  });

  test('the excerpt is indented, the hint comes last', () => {
    const error = new InputError('m', { file: 'f' }, { hint: 'do this\nor that', excerpt: 'a = 1;\n    ^' });
    expect(report(error)).toEqual(['transplant: f: m\n    a = 1;\n        ^\nhint: do this\nor that\n', 2]);
  });

  test('a system error code at the end of the message is spelled out', () => {
    expect(report(new InputError('cannot read: ENOENT'))[0]).toBe(
      'transplant: cannot read: no such file or directory\n',
    );
  });

  test.each([
    'cannot read: ENOSUCHCODE', // unknown
    'cannot read: XENOENT', // only part of a word
    'ENOENT is a code', // not at the end
  ])('%s stays as it is', (message) => {
    expect(report(new InputError(message))[0]).toBe(`transplant: ${message}\n`);
  });

  test('control characters do not reach the terminal', () => {
    const more = { hint: 'h\x1b[2J', excerpt: 'e\x1b[2J' };
    expect(report(new InputError('m\x1b[2J', { file: 'f\x1b[2J' }, more))[0]).toBe(
      'transplant: f\\x1b[2J: m\\x1b[2J\n    e\\x1b[2J\nhint: h\\x1b[2J\n',
    );
  });
});

describe('a failing environment: what is wrong and what to do, status 3', () => {
  test('without and with a hint', () => {
    expect(report(new EnvironmentError('no QEMU'))).toEqual(['transplant: no QEMU\n', 3]);
    printed = '';
    expect(report(new EnvironmentError('no QEMU', 'install it'))).toEqual([
      'transplant: no QEMU\nhint: install it\n',
      3,
    ]);
  });

  test('control characters do not reach the terminal', () => {
    expect(report(new EnvironmentError('m\x1b[2J', 'h\x1b[2J'))[0]).toBe(
      'transplant: m\\x1b[2J\nhint: h\\x1b[2J\n',
    );
  });

  test('a system error code at the end of the message is spelled out', () => {
    expect(report(new EnvironmentError('cannot write: ENOSPC'))[0]).toBe(
      'transplant: cannot write: no space left on device\n',
    );
  });
});

test('bad usage: Commander has printed the message, status 2', () => {
  expect(report(new CommanderError(1, 'commander.unknownOption', 'm'))).toEqual(['', 2]);
});

test('help and version: nothing more to print, status 0', () => {
  expect(report(new CommanderError(0, 'commander.help', '(outputHelp)'))).toEqual(['', 0]);
});

test('an interruption prints nothing and keeps the status that its signal set', () => {
  process.exitCode = 130;
  reportError(new Interrupted());
  expect([printed, process.exitCode]).toEqual(['', 130]);
});

test('any other error is a defect of the program and is thrown, with its stack', () => {
  const error = new TypeError('x is not a function');
  expect(() => reportError(error)).toThrow(error);
  expect(printed).toBe('');
});
