import { expect, test } from 'vitest';
import { findByPath, parseDts, property } from '../../../src/devicetree/index.ts';
import { dtc, testWithDtc } from '../../support/dtc.ts';
import { compile, FROM_SOURCE, hex } from './compile.ts';

/** Every feature of the language by name; each source follows `/dts-v1/;`. */
const FEATURES: Readonly<Record<string, string>> = {
  'an empty root': '/ { };',
  'the header twice': '/dts-v1/; / { };',
  'white space of every kind': '/\f{\v}\r\n\t;',
  'comments everywhere':
    '/* a */ / /**/ { // b\n a /* c */ = < 1 /* d * / ** */ 2 // e\n >; b = [ab/*f*/cd]; } /***/ ;\n//* g */ h\n',
  // nodes and properties
  'nodes in nodes': '/ { a { b@1 { c,d@e,f { }; }; g { }; }; };',
  'names of every character':
    '/ { aZ09,._+*#?- = <1>; \\b; 12; 0x1; if; #c; aZ09,._+-@aZ09,._+- { }; 7 { }; @1 { }; };',
  'a backslash before a name': '/ { \\reg = <1>; \\a { }; };',
  'names that are long': `/ { ${'p'.repeat(60)}; ${'n'.repeat(60)}@${'0'.repeat(60)} { }; };`,
  // values
  'a property without a value': '/ { a; };',
  cells: '/ { a = <1 0x2 0XfF 010 0>; b = <>; };',
  'numbers with suffixes': '/ { a = <1U 2L 3UL 4LL 5ULL 0xfU>; };',
  'numbers without space between': "/ { a = <(1)(2)3(4)'a'5ULL6>; };",
  strings: '/ { a = "a"; b = ""; c = "a", "", "b"; };',
  'escapes in strings':
    '/ { a = "\\a\\b\\t\\n\\v\\f\\r\\\\\\"\\\'\\q\\0\\1\\12\\123\\1234\\8\\377\\400\\x1\\x12\\x123\\xfF"; };',
  'a string over two lines': '/ { a = "b\nc"; };',
  'bytes of every kind in a string': '/ { a = "\x00\x01\x7f\x80\xe9\xff"; };',
  'byte strings': '/ { a = [12 34 aB]; b = [00112233]; c = []; d = [ 00 0f ]; };',
  'values of several parts': '/ { a = "b", <1>, [02 03], "c", <4 5>, &{/}; };',
  'elements of 8, 16, 32 and 64 bits':
    "/ { a = /bits/ 8 <1 255 'a'>; b = /bits/ 16 <1 0xffff>, /bits/ 8 <2>, <3>; c = /bits/ 32 <4>; d = /bits/ 64 <5 0xffffffffffffffff>; };",
  'bits of every notation': '/ { a = /bits/8<1>, /bits/ 0x10 <2>, /bits/ 040 <3>, /bits/ 64ULL <4>; };',
  'negative elements in range':
    '/ { a = <(-1) (-0x80000000) (-0xffffffff) (-0x100000000)>; b = /bits/ 8 <(-1) (-255) (-256)>; c = /bits/ 16 <(-65535) (-65536)>; };',
  'character literals':
    "/ { a = <'a' '\\n' '\\'' '\\x41' '\\xff' '\\377' '\\0' '\\8' '\"' '\xe9' '\n' ('a' + 1)>; };",
  'a character literal of a backslash': "/ { a = <'\\\\'>; };",
  // expressions
  arithmetic:
    '/ { a = /bits/ 64 <(1 + 2 * 3) ((1 + 2) * 3) (10 - 3 - 2) (100 / 10 / 2) (2 * 3 % 4) (7 % 4) (2*-3) (2--3)>; };',
  'unsigned division and remainder': '/ { a = /bits/ 64 <(-7 / 2) (-1 % 10) (0x8000000000000000 / -1)>; };',
  overflow: '/ { a = /bits/ 64 <(0xffffffffffffffff + 1) (0xffffffffffffffff * 2 >> 1) (0 - 1)>; };',
  'bitwise operators':
    '/ { a = /bits/ 64 <(3 & 5) (3 | 5) (3 ^ 5) (~0) (~~5) (-~5) (0xffffffff & ~0xff) (1|2^3&4)>; };',
  'shifts, past 63 too':
    '/ { a = /bits/ 64 <(1 << 63 >> 63) (1 << 64) (1 >> 64) (1 << 200) (1 << -1) (-1 >> 60) (1 << 2 + 1)>; };',
  'unsigned comparison':
    '/ { a = <(-1 < 1) (1 > -1) (1 <= 1) (2 >= 3) (1 == 1) (1 != 1) (1 == 1 == 1) (3 > 2 > 1) (1 < 2 < 3)>; };',
  logic: '/ { a = <(1 && 2) (0 || 0) (!0) (!5) (!!5) (1 && 0 || 1) (1 || 0 && 0) (1 | 0 && 0) (!1 + 1)>; };',
  precedence:
    '/ { a = /bits/ 64 <(1 | 2 ^ 3 & 4 == 4 < 5 << 6 + 7 * 8) (6 & 3 == 3) (5 - 3 * 2 < 0) (~1 & 1) (-2 * 3)>; };',
  conditions:
    '/ { a = <(1 ? 2 : 3) (0 ? 2 : 3) (0 ? 2 : 1 ? 4 : 5) (1 ? 0 ? 2 : 3 : 4) (1 ? 2 : 0 ? 3 : 4) (1 ? (0xa) : 2) (0||1 ? 2&&0 : 3)>; };',
  // labels and references
  'labels before nodes, several': '/ { a: b: c { d: e { }; }; };',
  'labels before properties': '/ { a: b: c = <1>; d: e; };',
  'labels in values':
    '/ { a = b: <c: 1 d: 2 e:> f:, g: h: [i: 12 j: 34 k:] l:, "m" n: o:, p: &{/} q:, /bits/ 8 <r: 1>; };',
  'labels in the middle of bytes': '/ { a = [12b:34]; c = [abf:ab]; };',
  'a label of letters that are bytes': '/ { a = [ c: ab d:]; };',
  'the same label twice at one place': '/ { c: c: d; a: a: b { }; };',
  'phandle references': '/ { a = <&b 1 &b>; b: c { d = <&{/}>, <&{/c}>; }; };',
  'phandle references without space': '/ { x = <(1)&a 1&a>; a: b { }; };',
  'path references': '/ { a = &b, "x", &{/}, &{/c@1/d}; c@1 { b: d { }; }; };',
  'paths with doubled and trailing slashes': '/ { a = &{//b///c/}, <&{/b/}>; b { c { }; }; };',
  'references backwards and to oneself': '/ { a: b { c = <&a>; d = &a; }; e { f = <&a>; }; };',
  'references in elements of 32 bits': '/ { a = /bits/ 32 <&b>; b: c { }; };',
  // phandles
  'phandles in the order of their references':
    '/ { a = <&d &c>; b: b { x = <&e>; e: e { }; }; c: c { }; d: d { y = <&d>; }; };',
  'phandles that are taken':
    '/ { a = <&d>; b { phandle = <1>; }; c { linux,phandle = <2>; }; d: d { x; y { }; }; e { phandle = <4>; z = <&f>; }; f: f { }; };',
  'explicit phandles':
    '/ { a = <&b &c &d>; b: b { phandle = <9>; }; c: c { linux,phandle = <8>; }; d: d { phandle = <7>; linux,phandle = <7>; }; };',
  'a phandle of text': '/ { a = <&b>; b: b { phandle = "abc"; }; };',
  'a phandle that refers to its own node':
    '/ { a = <&b &c>; b: b { phandle = <&b>; x; }; c: c { phandle = <&{/c}>; }; };',
  'linux,phandle that refers to its own node':
    '/ { b: b { linux,phandle = <&b>; x; }; c: c { linux,phandle = <9>; phandle = <&c>; }; };',
  'a phandle with a path behind it': '/ { a { phandle = <5>, &b; }; b: b { c = <&{/a}>; }; };',
  'a phandle that was deleted':
    '/ { a { phandle = <5>; x; }; }; / { a: a { /delete-property/ phandle; }; b { c = <&a>; }; };',
  'a phandle of the root': '/ { a = <&{/}>; b { }; };',
  'phandles of omitted nodes count': '/ { /omit-if-no-ref/ a { phandle = <1>; }; b: b { x = <&b>; }; };',
  // merging
  'a second root': '/ { a = <1>; b; c { d; }; }; / { e; a = <2>; f { }; c { g; d = <3>; }; };',
  'a labelled node again': '/ { a: b { c; }; }; &a { d; e { }; };',
  'a node by its path again': '/ { a { b@1 { }; }; }; &{/a/b@1} { c; }; &{/} { d; };',
  'a label on a reference': '/ { x = &l; a { }; }; l: &{/a} { }; m: &l { y = <&m>; };',
  'an overridden property keeps its place': '/ { a = <1>; b; c; }; / { c = "x"; d; a; };',
  'a node twice in a later definition': '/ { }; / { a { x; }; a { y; }; };',
  'a property twice in a later definition': '/ { }; / { a = <1>; a = <2>; };',
  'labels of an overridden value are free': '/ { a = <l: 1>; }; / { a = <2>; l: b; };',
  'labels add up': '/ { a: x { }; }; / { b: x { }; y { z = &a, &b; }; };',
  // deletion
  'deleted properties': '/ { a; b; c; }; / { /delete-property/ b; /delete-property/ z; };',
  'a deleted property comes back in its place':
    '/ { a; b; c; }; / { /delete-property/ a; }; / { d; a = <1>; };',
  'a property deleted before its definition': '/ { /delete-property/ a; b; a = <1>; };',
  'a property deleted after its definition, in one body': '/ { a; /delete-property/ a; b; };',
  'the place of a property that never was': '/ { /delete-property/ a; b; }; / { a = <1>; };',
  'deleted nodes by name': '/ { a { x; }; b { }; }; / { /delete-node/ a; /delete-node/ z; };',
  'deleted nodes by reference':
    '/ { a: b { c { }; }; d { e@1 { }; }; }; /delete-node/ &a; /delete-node/ &{/d/e@1};',
  'a deleted node comes back empty in its place':
    '/ { a { x; b { y; }; }; c { }; }; / { /delete-node/ a; d { }; a { z; }; };',
  'a node that is deleted twice comes back empty':
    '/ { a { x; }; }; / { /delete-node/ a; a { y; x; b { z; }; }; /delete-node/ a; a { c; }; };',
  'a node that comes back has no labels': '/ { l: a { }; }; / { /delete-node/ a; a { }; l: b { }; };',
  'a node deleted before its definition': '/ { /delete-node/ a; b { }; a { x; }; };',
  'the place of a node that never was': '/ { l: /delete-node/ a; b { x = <&l>; }; }; / { a { }; };',
  'labels of what is deleted are free': '/ { l: a { m: b; }; }; /delete-node/ &l; / { l: c { m: d { }; }; };',
  'deletion by names with a backslash': '/ { a; b { }; }; / { /delete-property/ \\a; /delete-node/ \\b; };',
  'an emptied root': '/ { a; b { }; }; /delete-node/ &{/}; / { c; };',
  'deletions in a new node': '/ { a { /delete-property/ x; y; /delete-node/ z; }; };',
  'deletion and merging in one body':
    '/ { a { b { c { }; }; }; }; / { a { b { c { d; }; /delete-node/ c; c { e; }; }; }; };',
  // omission
  'nodes that nothing refers to are omitted':
    '/ { /omit-if-no-ref/ a { }; /omit-if-no-ref/ b: b { }; c { d = <&b>; }; };',
  'omission among labels': '/ { l: /omit-if-no-ref/ m: /omit-if-no-ref/ a { }; };',
  'omission by reference':
    '/ { a: a { }; b { }; c: c { x = &c; }; }; /omit-if-no-ref/ &a; /omit-if-no-ref/ &{/b}; /omit-if-no-ref/ &c;',
  'omitted nodes refer to others': '/ { /omit-if-no-ref/ a { x = <&b>; }; /omit-if-no-ref/ b: b { }; };',
  'omission goes with what is below': '/ { /omit-if-no-ref/ a { b: b { }; }; c { d = &b; }; };',
  'omission is said once': '/ { a { }; /omit-if-no-ref/ b { }; }; / { /omit-if-no-ref/ a { }; b { x; }; };',
  'redefinition is no reference': '/ { /omit-if-no-ref/ a: a { }; }; &a { x; };',
  // name
  'a property name that says nothing': '/ { name = ""; a@1 { x; name = "a"; y; }; b { name = [62 00]; }; };',
  // reservations
  reservations: '/memreserve/ 0x1000 0x2000; /memreserve/ (1 << 40) (-1); / { };',
  'reservations with labels': "l: m: /memreserve/ 1 2; l: /memreserve/'a'3; / { l: a { }; };",
  // boot CPU
  'the boot CPU is the first': '/ { cpus { cpu@5 { reg = <5>; }; cpu@6 { reg = <6>; }; }; };',
  'a boot CPU of another kind': '/ { cpus { cpu-map { }; cpu@6 { reg = <6>; }; }; };',
  'a boot CPU of two cells': '/ { cpus { cpu@5 { reg = <5 6>; }; }; };',
  'a boot CPU that is omitted': '/ { cpus { /omit-if-no-ref/ cpu@5 { reg = <5>; }; }; };',
  'a boot CPU that refers to itself': '/ { cpus { a: cpu@5 { reg = <&a>; }; }; };',
  'a boot CPU that was deleted':
    '/ { cpus { a: cpu@5 { reg = <5>; }; b { reg = <6>; }; }; }; /delete-node/ &a;',
  // line markers
  'line markers': '# 1 "a"\n/ {\n#line 7 "b"\na;\n# 9 "c" 1 3\nb;\n#\t10\t"d" 2 c;\n};',
  'names that look like line markers': '/ {\n#line;\n#1;\n#a = <1>;\n  #b;\n};',
};

for (const [name, source] of Object.entries(FEATURES)) {
  testWithDtc(`${name}: as dtc has it`, () => {
    const whole = `/dts-v1/;\n${source}\n`;
    const bytes = Buffer.from(whole, 'latin1');
    const theirs = hex(dtc(bytes, ...FROM_SOURCE));
    expect(hex(compile(whole))).toBe(theirs);
    expect(hex(compile(bytes))).toBe(theirs);
  });
}

test('a path from a label, as dtc 1.7 has it', () => {
  const tree = parseDts(
    '/dts-v1/; / { a = &{l/c@1/d}, <&{l/c@1}>; l: b { c@1 { d { }; }; }; }; &{l/c@1} { x; };',
  );
  expect(tree.root.properties[0]?.value).toEqual(
    new Uint8Array(Buffer.from('/b/c@1/d\0\0\0\0\x01', 'latin1')),
  );
  expect(findByPath(tree, '/b/c@1')?.properties.map(({ name }) => name)).toEqual(['x', 'phandle']);
});

test('the last comment needs no newline', () => {
  expect(parseDts('/dts-v1/; / { }; // end').root.children).toEqual([]);
});

test('labels lead to the paths of their nodes, and only of nodes that are left', () => {
  const tree = parseDts(
    '/dts-v1/; / { a: b: c { d: e@1 { f: g; }; }; h: i { }; /omit-if-no-ref/ j: k { }; }; l: &{/} { }; /delete-node/ &h;',
  );
  expect([...tree.labels]).toEqual([
    ['l', '/'],
    ['a', '/c'],
    ['b', '/c'],
    ['d', '/c/e@1'],
  ]);
});

test('a given boot CPU is used', () => {
  const source = '/dts-v1/; / { cpus { cpu@5 { reg = <5>; }; }; };';
  expect(parseDts(source).bootCpu).toBe(5);
  expect(parseDts(source, { bootCpu: 0 }).bootCpu).toBe(0);
});

test('the tree is right without dtc as an oracle', () => {
  const { root, reservations } = parseDts(
    '/dts-v1/; /memreserve/ 1 0x2000; / { a = "x", <(1 + 1)>; b { phandle = <&{/b}>; }; }; / { /delete-property/ a; c = /bits/ 16 <3>; };',
  );
  expect(reservations).toEqual([{ address: 1n, size: 0x2000n }]);
  expect(root).toEqual({
    name: '',
    properties: [{ name: 'c', value: Uint8Array.of(0, 3) }],
    children: [
      { name: 'b', properties: [{ name: 'phandle', value: Uint8Array.of(0, 0, 0, 1) }], children: [] },
    ],
  });
  expect(property(root, 'a')).toBeUndefined();
});
