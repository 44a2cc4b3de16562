/** A line of a kernel log, before it is given a form. */
export interface PlainLine {
  readonly seconds: number;
  readonly text: string;
}

/** A form in which a whole log is passed around. */
export interface LogForm {
  readonly name: string;
  /** What the form keeps of the time: all of it, whole seconds of the day, or nothing. */
  readonly keeps: 'seconds' | 'clock' | 'nothing';
  write(lines: readonly PlainLine[]): string;
}

/** When the machines of these logs were booted. */
const BOOTED = Date.UTC(2021, 9, 20, 12, 0, 0);

const two = (value: number) => String(value).padStart(2, '0');
const dateOf = ({ seconds }: PlainLine) => new Date(BOOTED + Math.floor(seconds) * 1000);
const stampOf = ({ seconds }: PlainLine) => `[${seconds.toFixed(6).padStart(12)}]`;
const fractionOf = ({ seconds }: PlainLine) => (seconds % 1).toFixed(6).slice(2);
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function partsOf(line: PlainLine) {
  const date = dateOf(line);
  const time = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  const day = DAYS[date.getUTCDay()];
  const month = MONTHS[date.getUTCMonth()];
  return { date, time, day, month, iso: date.toISOString().slice(0, 10) };
}

const syslogDate = (line: PlainLine) => {
  const { date, time, month } = partsOf(line);
  return `${month} ${String(date.getUTCDate()).padStart(2)} ${time}`;
};

function eachLine(write: (line: PlainLine) => string): LogForm['write'] {
  return (lines) => lines.map(write).join('\n');
}

/** `dmesg -e`: the minute where it changes, else the time since the line before. */
function relative(lines: readonly PlainLine[]): string {
  let minute = '';
  let last = 0;
  return lines
    .map((line) => {
      const { date, time, month } = partsOf(line);
      const now = `[${month}${two(date.getUTCDate())} ${time.slice(0, 5)}]`;
      const delta = `[${`+${Math.max(line.seconds - last, 0).toFixed(6)}`.padStart(10)}]`;
      const stamp = now === minute ? delta : now;
      minute = now;
      last = line.seconds;
      return `${stamp} ${line.text}`;
    })
    .join('\n');
}

/** As mails with format=flowed do: cut behind a blank, from 72 characters on. */
function flowed(text: string): string {
  return text
    .split('\n')
    .map((line) => {
      const at = line.length > 72 ? line.lastIndexOf(' ', 71) : -1;
      const head = line.slice(0, at + 1);
      return at < 0 || !/[\w)] $/.test(head) ? line : `${head}\n${line.slice(at + 1)}`;
    })
    .join('\n');
}

const dmesg = (line: PlainLine) => `${stampOf(line)} ${line.text}`;

export const logForms: readonly LogForm[] = [
  { name: 'dmesg', keeps: 'seconds', write: eachLine(dmesg) },
  { name: 'dmesg -r', keeps: 'seconds', write: eachLine((line) => `<4>${dmesg(line)}`) },
  { name: 'dmesg -x', keeps: 'seconds', write: eachLine((line) => `kern  :warn  : ${dmesg(line)}`) },
  {
    name: 'dmesg -d',
    keeps: 'seconds',
    write: eachLine((line) => `${stampOf(line).replace(']', ' <    0.000123>]')} ${line.text}`),
  },
  { name: 'dmesg -e', keeps: 'clock', write: relative },
  {
    name: 'dmesg -T',
    keeps: 'clock',
    write: eachLine((line) => {
      const { date, time, day, month } = partsOf(line);
      return `[${day} ${month} ${String(date.getUTCDate()).padStart(2)} ${time} ${date.getUTCFullYear()}] ${line.text}`;
    }),
  },
  {
    name: 'dmesg -T -x',
    keeps: 'clock',
    write: eachLine((line) => {
      const { date, time, day, month } = partsOf(line);
      return `kern  :err   : [${day} ${month} ${date.getUTCDate()} ${time} ${date.getUTCFullYear()}] ${line.text}`;
    }),
  },
  {
    name: 'dmesg --time-format iso',
    keeps: 'clock',
    write: eachLine((line) => {
      const { iso, time } = partsOf(line);
      return `${iso}T${time},${fractionOf(line)}+00:00 ${line.text}`;
    }),
  },
  {
    name: 'dmesg --color',
    keeps: 'seconds',
    write: eachLine((line) => `\u001b[32m${stampOf(line)} \u001b[0m\u001b[33m${line.text}\u001b[0m`),
  },
  { name: 'callers', keeps: 'seconds', write: eachLine((line) => `${stampOf(line)}[    T1] ${line.text}`) },
  {
    name: 'callers behind a blank',
    keeps: 'seconds',
    write: eachLine((line) => `${stampOf(line)} [   C24] ${line.text}`),
  },
  {
    name: '/dev/kmsg',
    keeps: 'seconds',
    write: (lines) =>
      lines.map((line, at) => `4,${at},${Math.round(line.seconds * 1e6)},-;${line.text}`).join('\n'),
  },
  {
    name: 'a console behind its prompt',
    keeps: 'seconds',
    write: eachLine((line) => `north login: ${dmesg(line)}\r`),
  },
  {
    name: 'no-break spaces',
    keeps: 'seconds',
    write: eachLine((line) => `${stampOf(line).replaceAll(' ', '\u00a0')} ${line.text}`),
  },
  {
    name: 'no-break spaces as bytes of UTF-8',
    keeps: 'seconds',
    write: eachLine((line) => `${stampOf(line).replaceAll(' ', '\u00c2\u00a0')}\u00c2\u00a0${line.text}`),
  },
  {
    name: 'syslog',
    keeps: 'clock',
    write: eachLine((line) => `${syslogDate(line)} north kernel: ${line.text}`),
  },
  {
    name: 'syslog with the time of the boot',
    keeps: 'seconds',
    write: eachLine((line) => `${syslogDate(line)} north kernel: ${dmesg(line)}`),
  },
  {
    name: 'rsyslog',
    keeps: 'clock',
    write: eachLine((line) => {
      const { iso, time } = partsOf(line);
      return `${iso}T${time}.${fractionOf(line)}+02:00 north kernel: ${line.text}`;
    }),
  },
  {
    name: 'journal short-precise',
    keeps: 'clock',
    write: eachLine((line) => `${syslogDate(line)}.${fractionOf(line)} north kernel: ${line.text}`),
  },
  {
    name: 'journal short-full',
    keeps: 'clock',
    write: eachLine((line) => {
      const { day, iso, time } = partsOf(line);
      return `${day} ${iso} ${time} CEST north kernel: ${line.text}`;
    }),
  },
  {
    name: 'journal short-iso',
    keeps: 'clock',
    write: eachLine((line) => {
      const { iso, time } = partsOf(line);
      return `${iso}T${time}+0200 north kernel: ${line.text}`;
    }),
  },
  {
    name: 'journal short-unix',
    keeps: 'clock',
    write: eachLine(
      (line) => `${dateOf(line).getTime() / 1000}.${fractionOf(line)} north kernel: ${line.text}`,
    ),
  },
  {
    name: 'journal short-monotonic',
    keeps: 'seconds',
    write: eachLine((line) => `${stampOf(line)} north kernel: ${line.text}`),
  },
  {
    name: 'journal without the host',
    keeps: 'clock',
    write: eachLine((line) => `${syslogDate(line)} kernel: ${line.text}`),
  },
  { name: 'quoted', keeps: 'seconds', write: eachLine((line) => `> > ${dmesg(line)}`) },
  {
    name: 'quoted and cut',
    keeps: 'seconds',
    write: (lines) => flowed(lines.map(dmesg).join('\n')).replace(/^/gm, '> '),
  },
  { name: 'cut behind a blank', keeps: 'seconds', write: (lines) => flowed(lines.map(dmesg).join('\n')) },
  { name: 'indented', keeps: 'seconds', write: eachLine((line) => `    ${dmesg(line)}`) },
  { name: 'text alone', keeps: 'nothing', write: eachLine((line) => line.text) },
  { name: 'text alone, indented', keeps: 'nothing', write: eachLine((line) => `  ${line.text}`) },
];
