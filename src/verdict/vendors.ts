/** Who built a kernel, where its release says so. */
export interface Vendor {
  /** `Red Hat Enterprise Linux 9.4` */
  readonly name: string;
  /** The command that prints the kernel's changelog. */
  readonly changelog: string;
}

interface Form {
  readonly release: RegExp;
  readonly name: (...captured: readonly (string | undefined)[]) => string;
  readonly changelog: string;
}

/** Distributions for Power whose kernels carry fixes that their releases do not show. */
const forms: readonly Form[] = [
  {
    // 5.14.0-427.13.1.el9_4.ppc64le
    release: /\.el(\d+)(?:_(\d+))?(?:\.|$)/,
    name: (major, minor) =>
      `Red Hat Enterprise Linux ${major}${minor === undefined ? '' : `.${minor}`} or a clone`,
    changelog: 'rpm -q --changelog kernel-core, or kernel',
  },
  {
    // 5.14.21-150400.24.46-default is of SLE 15 SP4, 6.12.0-160000.5-default of SLE 16.0
    release: /-(\d\d)0?(\d)00(?:00)?(?=\.)\S*-default$/,
    name: (major, minor) =>
      `SUSE Linux Enterprise ${major}${Number(major) > 15 ? `.${minor}` : minor === '0' ? '' : ` SP${minor}`}`,
    changelog: 'rpm -q --changelog kernel-default',
  },
  { release: /-default$/, name: () => 'SUSE', changelog: 'rpm -q --changelog kernel-default' },
  {
    // 5.15.0-91-generic
    release: /^\d+\.\d+\.\d+-\d+-(?:generic|lowlatency|ibm)\b/,
    name: () => 'Ubuntu',
    changelog: 'apt changelog linux-image-$(uname -r)',
  },
  {
    // 6.1.0-44-powerpc64le
    release: /^\d+\.\d+\.\d+(?:\+deb\d+)?-\d+-powerpc64(?:le)?\b|\+deb\d+/,
    name: () => 'Debian',
    changelog: 'apt changelog linux-image-$(uname -r)',
  },
  {
    release: /\.fc(\d+)\./,
    name: (number) => `Fedora ${number}`,
    changelog: 'rpm -q --changelog kernel-core',
  },
];

export function vendorOf(release: string): Vendor | undefined {
  for (const { release: pattern, name, changelog } of forms) {
    const match = pattern.exec(release);
    if (match) return { name: name(...match.slice(1)), changelog };
  }
  return undefined;
}
