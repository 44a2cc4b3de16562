/** One line of a log, without what its form adds. */
export interface FormedLine {
  /** Seconds since boot. */
  readonly seconds?: number;
  /** Seconds since the line before it (`dmesg -e`). */
  readonly delta?: number;
  /** Seconds since 1970 as the machine's clock shows them, whatever its zone; in 1970 where the form has no year. */
  readonly clock?: number;
  readonly level?: number;
  readonly text: string;
}

type Stamp = Omit<FormedLine, 'text'>;

/**
 * Takes the form off one line: what `readLog` lists. Quotation marks of a mail, indentation and colours are removed, and
 * a no-break space becomes a blank (as one character, or as its two UTF-8 bytes where the text is Latin-1).
 */
export function readLine(raw: string): FormedLine {
  const line = plain(raw);
  return readSimple(line) ?? readKmsg(line) ?? readDated(line) ?? readStamped(line);
}

const ODD = /[\u00a0\u001b\r>\t]|^ /;
const NO_BREAK_SPACE = /\u00c2?\u00a0/g;
const COLOUR = /\u001b\[[\d;]*m/g;
/** `> ` once for each who quoted it, then what the mail is indented by; one blank is a continuation's own. */
const QUOTED = /^(?:[ \t]*>)+[ \t]?/;
const INDENTED = /^(?:[ \t]{2,}|\t| (?=\[ *\d+\.\d+\]))/;

function plain(raw: string): string {
  // Most lines of most logs have nothing of this.
  if (!ODD.test(raw)) return raw;
  return raw
    .replace(/\r$/, '')
    .replace(NO_BREAK_SPACE, ' ')
    .replace(COLOUR, '')
    .replace(QUOTED, '')
    .replace(INDENTED, '');
}

/** The two forms of most lines: `[   12.345678] text`, by itself and behind `Oct 18 10:00:00 host kernel: `. */
const SIMPLE = /^\[ *(\d+\.\d+)\] (?!\[|\S+ kernel)/;
const SIMPLE_SYSLOG =
  /^([A-Z][a-z]{2}) +(\d{1,2}) (\d\d):(\d\d):(\d\d(?:\.\d+)?) \S+ kernel: \[ *(\d+\.\d+)\] (?!\[|\S+ kernel)/;

/** Reads these two forms as the functions below do, in a third of their time and memory. */
function readSimple(line: string): FormedLine | undefined {
  const stamped = line.charCodeAt(0) === 91;
  const match = (stamped ? SIMPLE : SIMPLE_SYSLOG).exec(line);
  if (!match) return undefined;
  const text = line.slice(match[0].length);
  if (stamped) return { seconds: Number(match[1]), text };
  const [, month, day, hour, minute, second, seconds] = match;
  return { seconds: Number(seconds), text, clock: clockOf(undefined, month, day, hour, minute, second) };
}

/** Level and facility share one number; the level is its lowest three bits. */
function levelOf(priority: string): number {
  return Number(priority) & 7;
}

const KMSG = /^([0-9]+),[0-9]+,([0-9]+),[^;]*;(.*)$/s;

function readKmsg(line: string): FormedLine | undefined {
  const match = isDigit(line) ? KMSG.exec(line) : null;
  if (!match) return undefined;
  const [, priority = '', microseconds, text = ''] = match;
  return { seconds: Number(microseconds) / 1e6, level: levelOf(priority), text };
}

function isDigit(line: string): boolean {
  const code = line.charCodeAt(0);
  return code >= 48 && code <= 57;
}

const DECODED = /^[a-z]+ *:([a-z]+) *: /;
const LEVEL_NAMES = ['emerg', 'alert', 'crit', 'err', 'warn', 'notice', 'info', 'debug'];
const PRIORITY = /^<([0-9]{1,3})>(?:1 (?=\d{4}-))?/;
/** A console's prompt, behind which the kernel printed. */
const PROMPT = /^[^[]{0,80}?(?:login: |Password: |[#$] )(?=\[ *\d+\.\d+\])/;
const SECONDS = /^\[ *(\d+\.\d+)(?: <[ \d.+]+>)?\] ?/;
const DELTA = /^\[ *\+(\d+\.\d+)\] ?/;
/** Who printed it (CONFIG_PRINTK_CALLER): a task or a CPU. */
const CALLER = /^\[ *[TC]\d+(?::[^\]]*)?\] ?/;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** `dmesg -T`: `[Wed Oct 20 12:39:50 2021]`. */
const DATE = /^\[[A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\d{1,2}) (\d\d):(\d\d):(\d\d) (\d{4})(?: <[ \d.+]+>)?\] ?/;
/** `dmesg -e` at the first line of each minute: `[Oct20 12:39]`. */
const MINUTE = /^\[([A-Z][a-z]{2}) *(\d{1,2}) (\d\d):(\d\d)\] ?/;
/** In front of the line where journalctl prints it. */
const MONOTONIC_HOST = /^\S+ kernel(?:\[\d+\])?: /;

/** Forms that begin with a bracket, behind a level or a prompt. */
function readStamped(line: string): FormedLine {
  let rest = line;
  const stamp: { -readonly [key in keyof Stamp]: Stamp[key] } = {};
  if (rest.startsWith('<')) {
    const match = PRIORITY.exec(rest);
    if (match) {
      stamp.level = levelOf(match[1] ?? '');
      rest = rest.slice(match[0].length);
      const dated = readDated(rest);
      if (dated) return { ...stamp, ...dated };
    }
  } else if (!rest.startsWith('[')) {
    const level = LEVEL_NAMES.indexOf(DECODED.exec(rest)?.[1] ?? '');
    if (level >= 0) {
      rest = rest.replace(DECODED, '');
      const dated = readDated(rest);
      if (dated) return { level, ...dated };
      stamp.level = level;
    } else rest = rest.replace(PROMPT, '');
  }
  if (!rest.startsWith('[')) return { ...stamp, text: rest };
  const seconds = SECONDS.exec(rest);
  if (seconds) {
    stamp.seconds = Number(seconds[1]);
    rest = rest.slice(seconds[0].length).replace(MONOTONIC_HOST, '');
  } else {
    const other = readBracket(rest);
    if (!other) return { ...stamp, text: rest };
    Object.assign(stamp, other.stamp);
    rest = rest.slice(other.length);
  }
  return { ...stamp, text: rest.startsWith('[') ? rest.replace(CALLER, '') : rest };
}

function readBracket(line: string): { readonly stamp: Stamp; readonly length: number } | undefined {
  const delta = DELTA.exec(line);
  if (delta) return { stamp: { delta: Number(delta[1]) }, length: delta[0].length };
  const date = DATE.exec(line);
  if (date) {
    const [all, month, day, hour, minute, second, year] = date;
    return { stamp: { clock: clockOf(year, month, day, hour, minute, second) }, length: all.length };
  }
  const start = MINUTE.exec(line);
  if (!start) return undefined;
  const [all, month, day, hour, minute] = start;
  return { stamp: { clock: clockOf(undefined, month, day, hour, minute, '0') }, length: all.length };
}

/** `2021-10-20T12:39:50,123456+00:00` of dmesg, journalctl and rsyslog, also with a day of the week and a zone's name. */
const ISO =
  /^\[?(?:[A-Z][a-z]{2} )?(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d(?:([.,])\d+)?)(?:Z|[+-]\d\d:?\d\d| [A-Z]{2,5}| [+-]\d\d)?\]? /;
/** `Oct 18 10:00:00.123456` of syslog and journalctl. */
const SYSLOG = /^([A-Z][a-z]{2}) +(\d{1,2}) (?:(\d{4}) )?(\d\d):(\d\d):(\d\d(?:\.\d+)?) /;
/** `journalctl -o short-unix`. */
const UNIX = /^(\d{9,10}\.\d{1,6}) (?=\S+ )/;
/** The heading of an entry in /var/log/drmgr. */
const HEADING = /^#{5,} ([A-Z][a-z]{2}) +(\d{1,2}) (\d\d):(\d\d):(\d\d) (\d{4}) #{5,}$/;

/** Forms that begin with a date, behind which the host and the program's name may stand. */
function readDated(line: string): FormedLine | undefined {
  const first = line.charCodeAt(0);
  // A digit, a capital, an opening bracket before a digit, or the hash of a heading.
  if (!(isDigit(line) || (first >= 65 && first <= 90) || first === 35 || /^\[\d{4}-/.test(line)))
    return undefined;
  const unix = UNIX.exec(line);
  if (unix) return withProgram({ clock: Number(unix[1]) }, line.slice(unix[0].length));
  const iso = ISO.exec(line);
  if (iso) {
    const [all, year, month, day, hour, minute, second = '', point] = iso;
    const name = MONTHS[Number(month) - 1];
    const stamp = { clock: clockOf(year, name, day, hour, minute, second.replace(',', '.')) };
    const rest = line.slice(all.length);
    // dmesg prints a comma, and no host.
    return point === ',' ? { ...stamp, text: rest.replace(CALLER, '') } : withProgram(stamp, rest);
  }
  const syslog = SYSLOG.exec(line);
  if (syslog) {
    const [all, month, day, year, hour, minute, second] = syslog;
    return withProgram({ clock: clockOf(year, month, day, hour, minute, second) }, line.slice(all.length));
  }
  const heading = HEADING.exec(line);
  if (!heading) return undefined;
  const [, month, day, hour, minute, second, year] = heading;
  return { clock: clockOf(year, month, day, hour, minute, second), text: line };
}

const KERNEL = /^(?:\S+ )?kernel(?:\[\d+\]: |: | - - - )/;
/** Another program keeps its name, so that what it says is not taken for the kernel's. */
const HOST = /^\S+ (?=[\w./-]+(?:\[\d+\])?: )/;

function withProgram(stamp: Stamp, rest: string): FormedLine {
  const kernel = KERNEL.exec(rest);
  const stamped = /^(?:<\d{1,3}>)?\[/.test(rest);
  if (!kernel && !stamped) return { ...stamp, text: rest.replace(HOST, '') };
  return { ...stamp, ...readStamped(kernel ? rest.slice(kernel[0].length) : rest) };
}

function clockOf(
  year: string | undefined,
  month: string | undefined,
  day: string | undefined,
  hour: string | undefined,
  minute: string | undefined,
  second: string | undefined,
): number {
  const of = MONTHS.indexOf(month ?? '');
  const start = Date.UTC(Number(year ?? 1970), of, Number(day), Number(hour), Number(minute)) / 1000;
  return start + Number(second);
}
