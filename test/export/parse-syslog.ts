/** A parser of RFC 5424, section 6: for what is sent, by its grammar. */
export interface SyslogMessage {
  readonly facility: number;
  readonly severity: number;
  readonly version: number;
  readonly time: string;
  readonly hostname: string;
  readonly app: string;
  readonly proc: string;
  readonly msgid: string;
  readonly data: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly message: string;
}

const HEADER =
  /^<(\d{1,3})>([1-9]\d{0,2}) (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)) ([!-~]{1,255}) ([!-~]{1,48}) ([!-~]{1,128}) ([!-~]{1,32}) /;
const NAME = /[!#-<>-\\^-~]{1,32}/y;

/** @throws Error naming what is against the grammar */
export function parseSyslog(text: string): SyslogMessage {
  const header = HEADER.exec(text);
  if (!header) throw new Error(`no header: ${text.slice(0, 80)}`);
  const [whole, priority, version, time, hostname, app, proc, msgid] = header as unknown as string[];
  if (Number(priority) > 191) throw new Error('a priority above 191');
  let at = whole!.length;
  const take = (wanted: string): void => {
    if (!text.startsWith(wanted, at)) throw new Error(`${wanted} is missing at ${at}: ${text.slice(at, at + 20)}`);
    at += wanted.length;
  };
  const name = (): string => {
    NAME.lastIndex = at;
    const found = NAME.exec(text)?.[0];
    if (found === undefined) throw new Error(`no name at ${at}`);
    at += found.length;
    return found;
  };
  const value = (): string => {
    let read = '';
    for (;;) {
      const char = text[at];
      if (char === undefined || char === ']') throw new Error(`an unescaped end at ${at}`);
      if (char === '"') return read;
      if (char === '\\' && '"\\]'.includes(text[at + 1] ?? 'x')) at++;
      read += text.charAt(at++);
    }
  };
  const data: Record<string, Record<string, string>> = {};
  if (text[at] === '-') at++;
  while (text[at] === '[') {
    take('[');
    const own: Record<string, string> = (data[name()] = {});
    while (text[at] === ' ') {
      take(' ');
      const parameter = name();
      take('="');
      own[parameter] = value();
      take('"');
    }
    take(']');
  }
  if (at < text.length) take(' ');
  const message = text.slice(at);
  if (!message.startsWith('\uFEFF') && /[^\0-\x7f]/.test(message)) throw new Error('UTF-8 without its mark');
  const [facility, severity] = [Math.floor(Number(priority) / 8), Number(priority) % 8];
  const plain = message.replace(/^\uFEFF/, '');
  return {
    facility,
    severity,
    version: Number(version),
    time: time!,
    hostname: hostname!,
    app: app!,
    proc: proc!,
    msgid: msgid!,
    data,
    message: plain,
  };
}
