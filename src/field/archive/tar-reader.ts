import { decodeLatin1, InputError } from '../../base/index.ts';
import { type Limits, tooLarge } from './limits.ts';
import { type Header, type Member, member, readHeader } from './member.ts';

const BLOCK_BYTES = 512;
/** Bytes of the longest extended header: it contains a few names. */
const MAX_EXTENSION_BYTES = 1 << 20;

export interface TarHandlers {
  /** Whether the bytes of a file are wanted: whole, for `member`; or in chunks, by the function that is returned. */
  readonly wants: (member: Member) => boolean | TakeChunk;
  /** Every member in the archive's order, after its bytes; `bytes` only of those wanted whole. */
  readonly member: (member: Member, bytes: Uint8Array | undefined) => void;
}

/** Takes bytes of a file as they come; it must copy what it keeps. */
export type TakeChunk = (chunk: Uint8Array) => void;

/**
 * Reads a tar archive (ustar, GNU, pax) from chunks. Only wanted members are held in memory. It writes no files and follows
 * no links.
 *
 * node-tar takes 20 µs for each member, which is 3 s for the tree of a large partition; an audit should take one.
 * @throws InputError for what is no archive, leaves its folder, or exceeds the limits
 */
export class TarReader {
  /** Members that were read so far. */
  members = 0;
  readonly #handlers: TarHandlers;
  readonly #limits: Limits;
  readonly #file: string;
  readonly #copies = new Copies();
  /** Bytes of all chunks before the current one. */
  #offset = 0;
  /** The start of a block that continues in the next chunk. */
  #rest = Buffer.alloc(0);
  #body: Body | undefined;
  #extension: Extension = {};
  #keptBytes = 0;
  #ended = false;

  constructor(handlers: TarHandlers, limits: Limits, file: string) {
    this.#handlers = handlers;
    this.#limits = limits;
    this.#file = file;
  }

  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length && !this.#ended) {
      if (this.#body) at = this.#fill(this.#body, chunk, at);
      else at = this.#head(chunk, at);
    }
    this.#offset += chunk.length;
  }

  /** What is missing at the end of the archive; undefined when it is complete. */
  end(): string | undefined {
    if (this.#ended) return undefined;
    if (this.#body) return `cut off in ${this.#body.name}`;
    return this.#rest.length > 0 ? 'cut off in a header' : 'its end mark is missing';
  }

  #head(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + BLOCK_BYTES - this.#rest.length);
    const part = chunk.subarray(at, end);
    const header = this.#rest.length > 0 ? Buffer.concat([this.#rest, part]) : part;
    if (header.length < BLOCK_BYTES) this.#rest = Buffer.from(header);
    else {
      this.#rest = Buffer.alloc(0);
      this.#take(header, this.#offset + end - BLOCK_BYTES);
    }
    return end;
  }

  #take(bytes: Buffer, offset: number): void {
    // Two empty blocks end an archive; what follows the first is padding.
    if (bytes[0] === 0 && bytes.every((byte) => byte === 0)) {
      this.#ended = true;
      return;
    }
    const header = readHeader(bytes);
    if (!header || !Number.isSafeInteger(header.size))
      throw new InputError(offset === 0 ? 'not an archive' : 'the archive is damaged: no header here', {
        file: this.#file,
        offset,
      });
    this.members += 1;
    if (this.members > this.#limits.members)
      throw tooLarge(`more than ${this.#limits.members} members`, this.#file);
    if (!'xgLK'.includes(header.flag)) this.#openMember(header);
    else if (header.size > MAX_EXTENSION_BYTES)
      throw tooLarge(`a header of ${header.size} bytes`, this.#file);
    else this.#open(header.rawPath, header.size, [], (bytes) => this.#extend(header.flag, bytes));
  }

  /** An extended header describes the member that follows it; global ones (`g`) contain nothing that is needed here. */
  #extend(flag: string, bytes: Uint8Array): void {
    if (flag === 'x') Object.assign(this.#extension, records(bytes));
    else if (flag === 'L') this.#extension.path = cString(bytes);
    else if (flag === 'K') this.#extension.linkpath = cString(bytes);
  }

  #openMember(header: Header): void {
    const {
      path: rawPath = header.rawPath,
      linkpath: rawTarget = header.rawTarget,
      size: stated,
    } = this.#extension;
    this.#extension = {};
    const size = stated === undefined ? header.size : Number(stated);
    if (!Number.isSafeInteger(size) || size < 0)
      throw new InputError(`a size of ${stated}`, { file: this.#file, path: rawPath });
    const found = member({ rawPath, rawTarget, flag: header.flag, size }, this.#limits, this.#file);
    const wanted = found.kind === 'file' && this.#handlers.wants(found);
    if (wanted === true) this.#reserve(found);
    // Links, devices and folders have no bytes, whatever their headers say (POSIX: the size "shall be ignored").
    const padded = found.kind === 'file' || found.kind === 'unknown kind' ? size : 0;
    const target = wanted === true ? [] : wanted === false ? undefined : wanted;
    this.#open(rawPath, padded, target, (bytes) =>
      this.#handlers.member(found, wanted === true ? bytes : undefined),
    );
  }

  #reserve({ path, size }: Member): void {
    const { fileBytes, keptBytes } = this.#limits;
    if (size > fileBytes) throw tooLarge(`${path} is of ${size} bytes`, this.#file);
    this.#keptBytes += size;
    if (this.#keptBytes > keptBytes)
      throw tooLarge(`more than ${keptBytes} bytes of device tree and logs`, this.#file);
  }

  #open(name: string, size: number, target: Body['target'], whole: (bytes: Uint8Array) => void): void {
    const body = { name, wanted: size, padded: Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES, target, whole };
    if (size === 0) whole(empty);
    else this.#body = body;
  }

  #fill(body: Body, chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + body.padded);
    const used = Math.min(end - at, body.wanted);
    // Wanted bytes are copied, so that the large chunks can be freed.
    if (used > 0 && body.target) {
      const bytes = chunk.subarray(at, at + used);
      if (typeof body.target === 'function') body.target(bytes);
      else body.target.push(this.#copies.of(bytes));
    }
    body.wanted -= used;
    body.padded -= end - at;
    if (body.padded === 0) {
      this.#body = undefined;
      const parts = Array.isArray(body.target) ? body.target : [];
      body.whole(parts.length === 1 ? (parts[0] ?? empty) : new Uint8Array(Buffer.concat(parts)));
    }
    return end;
  }
}

const empty = new Uint8Array(0);

/** Copies small pieces into larger blocks: a buffer for each property would take more time than all other work. */
class Copies {
  #block = empty;
  #used = 0;

  of(bytes: Uint8Array): Uint8Array {
    if (bytes.length > 4096) return new Uint8Array(bytes);
    if (this.#used + bytes.length > this.#block.length) {
      this.#block = new Uint8Array(64 << 10);
      this.#used = 0;
    }
    const copy = this.#block.subarray(this.#used, this.#used + bytes.length);
    copy.set(bytes);
    this.#used += bytes.length;
    return copy;
  }
}

/** The bytes after a header, while they are read. */
interface Body {
  readonly name: string;
  /** Bytes still to read, without and with the padding to whole blocks. */
  wanted: number;
  padded: number;
  /** Where the bytes go; undefined where they are not wanted. */
  readonly target: Uint8Array[] | TakeChunk | undefined;
  readonly whole: (bytes: Uint8Array) => void;
}

/** Fields of an extended header, which replace those of the next member's header. */
interface Extension {
  path?: string;
  linkpath?: string;
  size?: string;
}

function cString(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return decodeLatin1(bytes, 0, end < 0 ? bytes.length : end);
}

/** The records `LENGTH KEY=VALUE\n` of a pax header, up to the first that is malformed; names as Latin-1. */
function records(bytes: Uint8Array): Extension {
  const found: Extension = {};
  const all = decodeLatin1(bytes);
  for (let at = 0; at < all.length; ) {
    const match = /^([0-9]{1,7}) ([^=]+)=/.exec(all.slice(at, at + 64));
    const length = Number(match?.[1]);
    if (!match || !(length > match[0].length) || at + length > all.length) break;
    const [head, , key] = match;
    if (key === 'path' || key === 'linkpath' || key === 'size')
      found[key] = all.slice(at + head.length, at + length - 1);
    at += length;
  }
  return found;
}
