/** The views of a page, as links name them. */
export const views = ['tree', 'bytes', 'verdict', 'compare'] as const;
/** One of `views`. */
export type View = (typeof views)[number];

/** The part of an address that says what the page shows; every member is optional: `#event=42&node=/ibm,platform-facilities`. */
export interface DeepLink {
  /** `PageEvent.id`. */
  readonly event?: number;
  /** Path of the node. */
  readonly node?: string;
  readonly view?: View;
  /** Index of the run in `PageDocument.runs`. */
  readonly run?: number;
  /** Index of the run that it is compared with. */
  readonly with?: number;
}

/** Parses an address; invalid members are ignored. */
export function readLink(hash: string): DeepLink {
  const members = new URLSearchParams(hash.replace(/^#/, ''));
  const number = (name: string) => {
    const text = members.get(name) ?? '';
    return /^[0-9]{1,9}$/.test(text) ? Number(text) : undefined;
  };
  const [event, run, other] = [number('event'), number('run'), number('with')];
  const node = members.get('node');
  const view = views.find((one) => one === members.get('view'));
  return {
    ...(event !== undefined && { event }),
    ...(node?.startsWith('/') && { node }),
    ...(view && { view }),
    ...(run !== undefined && { run }),
    ...(other !== undefined && { with: other }),
  };
}

/** An address from its parts. Escapes everything that has a meaning in an address, except slashes and commas, which keep paths readable. */
export function writeLink(link: DeepLink): string {
  const text = (value: unknown) =>
    encodeURIComponent(String(value)).replace(/%2F/g, '/').replace(/%2C/g, ',');
  const parts = Object.entries(link).map(([name, value]) => `${name}=${text(value)}`);
  return `#${parts.join('&')}`;
}
