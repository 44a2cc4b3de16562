export const views = ['tree', 'bytes', 'verdict', 'compare'] as const;
export type View = (typeof views)[number];

/** What a link into a page says; all of it is optional: `#t=42&node=/ibm,platform-facilities`. */
export interface DeepLink {
  /** Number of a moment, the first being 0. */
  readonly t?: number;
  /** Path of a node. */
  readonly node?: string;
  readonly view?: View;
  /** Which of the page's runs, the first being 0. */
  readonly run?: number;
  /** The run it is compared with. */
  readonly with?: number;
}

/** Whatever cannot be understood is left out. */
export function readLink(hash: string): DeepLink {
  const said = new URLSearchParams(hash.replace(/^#/, ''));
  const number = (name: string) => {
    const text = said.get(name) ?? '';
    return /^[0-9]{1,9}$/.test(text) ? Number(text) : undefined;
  };
  const [t, run, other] = [number('t'), number('run'), number('with')];
  const node = said.get('node');
  const view = views.find((one) => one === said.get('view'));
  return {
    ...(t !== undefined && { t }),
    ...(node?.startsWith('/') && { node }),
    ...(view && { view }),
    ...(run !== undefined && { run }),
    ...(other !== undefined && { with: other }),
  };
}

/** Slashes and commas stay readable; everything else that means something in a link is escaped. */
export function writeLink(link: DeepLink): string {
  const text = (value: unknown) =>
    encodeURIComponent(String(value)).replace(/%2F/g, '/').replace(/%2C/g, ',');
  const parts = Object.entries(link).map(([name, value]) => `${name}=${text(value)}`);
  return `#${parts.join('&')}`;
}
