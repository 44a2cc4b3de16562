import { expect, test } from 'vitest';
import { debianMirror } from '../../../src/lab/setup/sources.ts';

const deb822 = (text: string) => debianMirror([{ name: 'debian.sources', text }]);
const oneLine = (text: string) => debianMirror([{ name: '/etc/apt/sources.list', text }]);

test('deb822: the main archive, not the security archive', () => {
  const text = `# a comment
Types: deb
URIs: http://security.example/debian-security
Suites: bookworm-security
Components: main

Types: deb deb-src
# in between
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
`;
  expect(deb822(text)).toEqual({
    uri: 'http://mirror.example/debian',
    signedBy: '/usr/share/keyrings/debian-archive-keyring.gpg',
  });
});

test('deb822: an embedded key is kept, options that disable checks are ignored', () => {
  const text = `Types: deb
URIs: https://mirror.example/debian/
Suites: trixie
Components: main
Trusted: yes
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mDMEYCQjIxYJ
 -----END PGP PUBLIC KEY BLOCK-----
`;
  expect(deb822(text)).toEqual({
    uri: 'https://mirror.example/debian/',
    signedBy:
      '\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mDMEYCQjIxYJ\n -----END PGP PUBLIC KEY BLOCK-----',
  });
});

test('one line per source, with and without options', () => {
  expect(oneLine('deb http://a.example/debian bookworm main contrib # comment\n')).toEqual({
    uri: 'http://a.example/debian',
  });
  expect(oneLine('deb [ arch=amd64 signed-by=/k.gpg trusted=yes ] http://a.example/debian sid main')).toEqual(
    {
      uri: 'http://a.example/debian',
      signedBy: '/k.gpg',
    },
  );
});

test.each([
  ['nothing', ''],
  ['a comment', '# deb http://a.example/debian bookworm main'],
  ['sources of packages only', 'deb-src http://a.example/debian bookworm main'],
  ['another distribution', 'deb http://archive.example/ubuntu noble main'],
  ['security only', 'deb http://a.example/debian-security bookworm-security main'],
  ['no main', 'deb http://a.example/debian bookworm contrib'],
  ['some other archive', 'deb http://a.example/tools tools-bookworm main'],
])('%s is no Debian mirror', (_, text) => {
  expect(oneLine(text)).toBeUndefined();
});

test('a disabled stanza is skipped', () => {
  expect(
    deb822('Enabled: no\nTypes: deb\nURIs: http://a.example\nSuites: sid\nComponents: main\n'),
  ).toBeUndefined();
});
