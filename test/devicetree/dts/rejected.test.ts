import { describe, expect, test } from 'vitest';
import { parseDts } from '../../../src/devicetree/index.ts';
import { dtc, testWithDtc } from '../../support/dtc.ts';
import { FROM_SOURCE, refusal } from './compile.ts';

/** What is wrong, and a source in which it is wrong: at the caret `^`, which is taken out. */
const REFUSED: readonly (readonly [message: string | RegExp, source: string])[] = [
  // the frame of a source
  ['this is not a source of version 1', '^/ { };'],
  ['this is not a source of version 1', '^'],
  ['expected ";", found "/"', '/dts-v1/ ^/ { };'],
  ['expected "/", the root node, found the end of the source', '/dts-v1/;^'],
  ['expected "/", the root node, found the reference &a', '/dts-v1/; ^&a { };'],
  ['expected /memreserve/, found "/"', '/dts-v1/; l: ^/ { };'],
  [
    'expected a reference such as &label, or "/", found "/memreserve/"',
    '/dts-v1/; / { }; ^/memreserve/ 1 2;',
  ],
  ['expected a reference such as &label, or "/", found "/"', '/dts-v1/; / { }; l: ^/ { };'],
  ['expected a reference such as &label, or "/", found ";"', '/dts-v1/; / { };^;'],
  ['expected a reference such as &label, or "/", found the label m:', '/dts-v1/; / { }; l: ^m: &{/} { };'],
  ['expected ";", found the end of the source', '/dts-v1/; / { }^'],
  ['expected "{", found ";"', '/dts-v1/; / { }; &{/} ^;'],
  ['nothing ends this comment', '/dts-v1/; / { }; ^/* x'],
  // nodes and properties
  ['expected a property, a node or "}", found the end of the source', '/dts-v1/; / { a {^'],
  ['properties must precede subnodes', '/dts-v1/; / { a { }; ^b; };'],
  ['properties must precede subnodes', '/dts-v1/; / { /delete-node/ a; ^b; };'],
  ['properties must precede subnodes', '/dts-v1/; / { a { }; ^/delete-property/ b; };'],
  ['/omit-if-no-ref/ is for nodes only', '/dts-v1/; / { /omit-if-no-ref/ ^a; };'],
  ['expected a property, a node or "}", found "}"', '/dts-v1/; / { l: ^};'],
  ['expected "=", "{" or ";", found the label l:', '/dts-v1/; / { a ^l: ; };'],
  ['expected "=", "{" or ";", found "/"', '/dts-v1/; / { a^/b { }; };'],
  ['expected a property, a node or "}", found the string "a"', '/dts-v1/; / { ^"a"; };'],
  ['expected the name of a node, found the reference &a', '/dts-v1/; / { /delete-node/ ^&a; };'],
  ['expected the name of a property, found the label l:', '/dts-v1/; / { /delete-property/ ^l: a; };'],
  // values
  ['expected a value, found ";"', '/dts-v1/; / { a = ^; };'],
  ['expected a value, found ";"', '/dts-v1/; / { a = <1>, ^; };'],
  ['expected ";", found "<"', '/dts-v1/; / { a = <1> ^<2>; };'],
  ['nothing ends what " begins', '/dts-v1/; / { a = ^"b; };'],
  ["nothing ends what ' begins", "/dts-v1/; / { a = <^'b>; };"],
  ['\\x needs a hexadecimal digit', '/dts-v1/; / { a = ^"b\\xg"; };'],
  ['a character literal of 2 characters', "/dts-v1/; / { a = <^'ab'>; };"],
  ['a character literal of 0 characters', "/dts-v1/; / { a = <^''>; };"],
  ['expected two hexadecimal digits or "]", found "c"', '/dts-v1/; / { a = [ab ^c]; };'],
  ['the elements of an array have 8, 16, 32 or 64 bits', '/dts-v1/; / { a = /bits/ ^24 <1>; };'],
  ['expected the number of bits, found "("', '/dts-v1/; / { a = /bits/ ^(8) <1>; };'],
  ['expected "<", found the string "b"', '/dts-v1/; / { a = /bits/ 8 ^"b"; };'],
  ['a phandle only fits an element of 32 bits', '/dts-v1/; / { a = /bits/ 64 <^&{/}>; };'],
  ['this number does not fit an element of 32 bits', '/dts-v1/; / { a = <1 ^0x100000000>; };'],
  ['this number does not fit an element of 8 bits', '/dts-v1/; / { a = /bits/ 8 <^(-257)>; };'],
  ['this number does not fit an element of 16 bits', '/dts-v1/; / { a = /bits/ 16 <^0x10000>; };'],
  ['a number of more than 64 bits', '/dts-v1/; / { a = <^18446744073709551616>; };'],
  ['09 begins with 0 and is not octal', '/dts-v1/; / { a = <^09>; };'],
  ['expected an integer, a reference or ">", found "x"', '/dts-v1/; / { a = <0^x>; };'],
  ['expected an integer, a reference or ">", found "u"', '/dts-v1/; / { a = <1^u>; };'],
  ['expected an integer, a reference or ">", found "-"', '/dts-v1/; / { a = <^-1>; };'],
  ['expected an integer, a reference or ">", found ","', '/dts-v1/; / { a = <1^,2>; };'],
  ['expected an integer, found ")"', '/dts-v1/; / { a = <(^)>; };'],
  ['expected an integer, found "+"', '/dts-v1/; / { a = <(1 + ^+2)>; };'],
  ['expected an integer, found the reference &{/}', '/dts-v1/; / { a = <(1 + ^&{/})>; };'],
  ['expected an operator or ")", found the number 2', '/dts-v1/; / { a = <(1 ^2)>; };'],
  ['expected an integer, found ";"', '/dts-v1/; / { a = <((1)>^; };'],
  ['expected an operator or ")", found "("', '/dts-v1/; / { a = <((1)^(2))>; };'],
  ['expected ":", found ")"', '/dts-v1/; / { a = <(1 ? 2^)>; };'],
  ['":" without "?"', '/dts-v1/; / { a = <(1 ? 2 : 3 ^: 4)>; };'],
  ['division by zero', '/dts-v1/; / { a = <(1 || 2 ^/ 0)>; };'],
  ['division by zero', '/dts-v1/; / { a = <(0 ? 1 ^% (1 - 1) : 2)>; };'],
  // references
  ['there is no node with the label a', '/dts-v1/; / { }; ^&a { };'],
  ['there is no node with the path /a', '/dts-v1/; / { a@1 { }; }; /delete-node/ ^&{/a};'],
  ['there is no node with the label a', '/dts-v1/; / { a: b { }; }; /delete-node/ &a; /omit-if-no-ref/ ^&a;'],
  ['there is no node with the label a', '/dts-v1/; / { b { c = <1 ^&a>; }; };'],
  ['there is no node with the path /a//', '/dts-v1/; / { c = ^&{/a//}; a { }; };'],
  ['there is no node with the label l', '/dts-v1/; l: /memreserve/ 1 2; / { a = ^&l; };'],
  ['there is no node with the label l', '/dts-v1/; / { l: a = <m: 1>; b = <^&l>; };'],
  ['expected a value, found "&"', '/dts-v1/; / { a = ^&{b}; };'],
  ['expected a value, found "&"', '/dts-v1/; / { a = ^& b; };'],
  // checks
  ['a second property of this name', '/dts-v1/; / { a; b { c; d; ^c = <1>; }; };'],
  ['a second node of this name', '/dts-v1/; / { a { }; b { }; ^a { }; };'],
  ['a node that is defined and deleted in one body', '/dts-v1/; / { ^a { }; /delete-node/ a; };'],
  ['a name of a node with more than one "@"', '/dts-v1/; / { ^a@1@2 { }; };'],
  ['a name of a node with a character that may not be in one', '/dts-v1/; / { ^a#b { }; };'],
  ['a name of a property with a character that may not be in one, or with none', '/dts-v1/; / { ^a@1; };'],
  [/the property "name" must be/, '/dts-v1/; / { a@1 { ^name = "a@1"; }; };'],
  [/the property "name" must be/, '/dts-v1/; / { a { ^name; }; };'],
  [/the property "name" must be/, '/dts-v1/; / { a { ^name = "a", "a"; }; };'],
  ['a second label "a"', '/dts-v1/; / { a: b; a: ^c; };'],
  ['a second label "a"', '/dts-v1/; / { a: b { }; a: ^c { }; };'],
  ['a second label "a"', '/dts-v1/; / { ^b = <a: a: 1>; };'],
  ['a second label "a"', '/dts-v1/; / { a: b { ^c = "x" a:; }; };'],
  ['a phandle of 8 bytes instead of 4', '/dts-v1/; / { a { ^phandle = <1 2>; }; };'],
  ['a phandle of 0 bytes instead of 4', '/dts-v1/; / { a { ^linux,phandle; }; };'],
  ['0x0 is no phandle', '/dts-v1/; / { a { ^phandle = <0>; }; };'],
  ['0xffffffff is no phandle', '/dts-v1/; / { a { ^phandle = <0xffffffff>; }; };'],
  ['"phandle" and "linux,phandle" differ', '/dts-v1/; / { ^a { phandle = <1>; linux,phandle = <2>; }; };'],
  [
    'a second node with the phandle 0x7',
    '/dts-v1/; / { a { phandle = <7>; }; ^b { linux,phandle = <7>; }; };',
  ],
  ["a node's phandle refers to another node", '/dts-v1/; / { a { ^phandle = <&b>; }; b: b { }; };'],
  // omitted nodes are checked, too
  ['a second property of this name', '/dts-v1/; / { /omit-if-no-ref/ a { x; ^x; }; };'],
  ['there is no node with the label b', '/dts-v1/; / { /omit-if-no-ref/ a { x = <^&b>; }; };'],
];

const split = (marked: string) => {
  const at = marked.indexOf('^');
  return { source: marked.slice(0, at) + marked.slice(at + 1), column: at + 1 };
};

describe('rejected, with the place', () => {
  test.each(REFUSED)('%s: %s', (message, marked) => {
    const { source, column } = split(marked);
    const error = refusal(`\n${source}`, { file: 'a.dts' });
    expect(error.message).toMatch(message);
    expect(error.where).toMatchObject({ file: 'a.dts', line: 2, column, offset: column });
    expect(error.excerpt).toBe(`${source}\n${' '.repeat(column - 1)}^`);
  });
});

testWithDtc('dtc refuses each of them, too', () => {
  for (const [, marked] of REFUSED) {
    const { source } = split(marked);
    expect(() => dtc(`${source}\n`, ...FROM_SOURCE), source).toThrow();
  }
});

test('overlays are rejected with a hint', () => {
  const error = refusal('/dts-v1/; /plugin/; / { };');
  expect(error.message).toContain('/plugin/');
  expect(error.where).toEqual({ offset: 10, line: 1, column: 11 });
  expect(error.hint).toContain('fdtoverlay');
});

test('an error about a node or property names its path', () => {
  expect(refusal('/dts-v1/; / { a { b@1 { c; c; }; }; };').where.path).toBe('/a/b@1:c');
  expect(refusal('/dts-v1/; / { a { b@1 { }; b@1 { }; }; };').where.path).toBe('/a/b@1');
  expect(refusal('/dts-v1/; / { a { b = <&x>; }; };').where.path).toBe('/a:b');
});

test('a label on two nodes leads to neither', () => {
  const error = refusal('/dts-v1/; / { l: a { }; l: b { }; }; &l { };');
  expect(error.message).toBe('several nodes have the label l');
});

test('what remains must have a root', () => {
  for (const end of ['/delete-node/ &{/};', '/omit-if-no-ref/ &{/};']) {
    expect(refusal(`/dts-v1/; / { a; }; ${end}`).message).toBe('the root node is deleted or left out');
  }
});

test('a character of more than one byte is rejected in a string and allowed in a comment', () => {
  expect(parseDts('/dts-v1/; / { /* ☃ */ };').root.properties).toEqual([]);
  expect(refusal('/dts-v1/; / { a = "☃"; };').hint).toContain('Latin-1');
  expect(refusal('/dts-v1/; / { ☃; };').message).toContain('an invalid character');
});

describe('line markers', () => {
  test.each([
    ['# 7 "b.dts"\n$', 'b.dts', 7, 1],
    ['# 7 "b.dts"\n\n  $', 'b.dts', 8, 3],
    ['#line 7 "b.dts"\n$', 'b.dts', 7, 1],
    ['#\t7\t"b.dts"\n$', 'b.dts', 7, 1],
    ['# 7 "b.dts" 1 3 4\n$', 'b.dts', 7, 1],
    ['# 7 "b.dts" $', 'b.dts', 6, 13],
    ['# 7 "b\\"\\x41.dts"\n$', 'b"A.dts', 7, 1],
    ['# 7 "b\nc"\n$', 'b\nc', 7, 1],
    ['# 7 "b.dts"\n# 3 "c.dts"\n$', 'c.dts', 3, 1],
    ['# 7 "b.dts"\r\n$', 'b.dts', 7, 1],
    ['# 0 "b.dts"\n$', 'b.dts', 1, 1],
    [`#${' '.repeat(100)}7 "b.dts"\n$`, 'b.dts', 7, 1],
    [' # 7 "b.dts"\n$', 'a.dts', 2, 2],
    ['#line 7\n$', 'a.dts', 2, 1],
    ['# 0x7 "b.dts"\n$', 'a.dts', 2, 1],
    ['/*\n# 7 "b.dts"\n*/$', 'a.dts', 4, 3],
  ])('%j', (text, file, line, column) => {
    const error = refusal(`/dts-v1/;\n${text}`, { file: 'a.dts' });
    expect(error.where).toMatchObject({ file, line, column });
  });
});

test('binary data is rejected without an excerpt', () => {
  const error = refusal('\x7fELF\x02\x01\0\0', { file: 'vmlinux' });
  expect(error.message).toBe('neither a blob nor a source');
  expect(error.where).toEqual({ file: 'vmlinux', offset: 0, line: 1, column: 1 });
  expect(error.excerpt).toBeUndefined();
});

test('of a long line an excerpt shows what is around the place', () => {
  const filler = 'a { }; '.repeat(1000);
  const error = refusal(`/dts-v1/; / {${filler}$${filler}`);
  const [line = '', caret = ''] = (error.excerpt ?? '').split('\n');
  expect(line.length).toBeLessThanOrEqual(100);
  expect(line[caret.indexOf('^')]).toBe('$');
});

test('an excerpt has no characters that would move its caret', () => {
  const error = refusal('/dts-v1/;\n/ {\n\ta\t\x1b[31m $;\n};');
  expect(error.excerpt).toBe(' a  [31m $;\n   ^');
});
