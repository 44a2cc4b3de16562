import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { aptConf, aptSources } from '../../../src/lab/setup/apt.ts';
import { ensureKernel } from '../../../src/lab/setup/index.ts';
import { testWith } from './needs.ts';
import { scratch } from './scratch.ts';

const hostDump = `APT::Architecture "amd64";
APT::Architectures:: "amd64";
Acquire::http::Proxy "http://proxy.example:3128";
Acquire::AllowInsecureRepositories "1";
Acquire::IndexTargets::deb::Packages::MetaKey "x";
Acquire::Languages:: "de";
DPkg::Post-Invoke:: "touch /tmp/hook";
APT::Update::Post-Invoke-Success:: "touch /tmp/hook";
`;

test('a sources file for one suite, with the host’s key', () => {
  expect(aptSources({ uri: 'http://mirror.example/debian', signedBy: '/k.gpg' }, 'trixie')).toBe(
    `Types: deb
URIs: http://mirror.example/debian
Suites: trixie
Components: main
Architectures: ppc64el
Signed-By: /k.gpg
`,
  );
});

testWith(
  ['apt-config'],
  "apt reads the host's proxy from the configuration, and no other setting of the host",
  () => {
    const folder = scratch();
    const file = join(folder, 'apt.conf');
    writeFileSync(file, aptConf(folder, hostDump));
    const dump = execFileSync('apt-config', ['dump'], {
      env: { ...process.env, APT_CONFIG: file },
    }).toString();
    const values = (key: string) =>
      Array.from(dump.matchAll(new RegExp(`^${key}:* "(.*)";$`, 'gm')), (match) => match[1]);
    expect(values('APT::Architecture')).toEqual(['ppc64el']);
    expect(values('APT::Architectures::')).toEqual(['ppc64el']);
    expect(values('Acquire::http::Proxy')).toEqual(['http://proxy.example:3128']);
    expect(values('Acquire::AllowInsecureRepositories')).toEqual(['false']);
    expect(values('APT::Get::AllowUnauthenticated')).toEqual(['false']);
    expect(values('Dir::State::status')).toEqual([join(folder, 'status')]);
    expect(values('Dir::Etc::sourcelist')).toEqual([join(folder, 'debian.sources')]);
    expect(values('Dir::Etc::sourceparts')).toEqual(['/dev/null']);
    expect(values('APT::Update::Post-Invoke-Success::')).toEqual([]);
    expect(values('DPkg::Post-Invoke::')).toEqual([]);
  },
);

test('on a host without a Debian mirror, the error says what to do', async () => {
  const ensured = ensureKernel('debian:6.1', { cache: scratch(), aptFolder: scratch() });
  await expect(ensured).rejects.toMatchObject({
    name: 'EnvironmentError',
    hint: expect.stringContaining('path'),
  });
});
