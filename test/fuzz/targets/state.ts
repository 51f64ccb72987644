import { defaultPack } from '../../../src-main/engine/reading/pack.ts';
import { SubjectResolver } from '../../../src-main/engine/reading/subject-resolver.ts';
import { ParserState, parseBatch } from '../../../src-main/engine/reading/parse-batch.ts';
import { LineSplitter } from '../../../src-main/source/line-splitter.ts';
import { lineOf } from '../../engine/log-lines.ts';
import { ordinary } from '../../models/ordinary.ts';
import { only, type Target } from '../target.ts';

const pack = defaultPack();
const line = lineOf({ ...ordinary(1)[0]!, query: 'usb' }, 7);

/** What is remembered of reading, as a database may give it back. */
export const state: Target = {
  name: 'state',
  reaches: /src-main\/engine\/reading\/(parse-batch|lost)/,
  seeds: [
    '{"hosts":{"names":["desk"],"alone":7},"time":1750000000,"tally":{"results":3,"odd":{"future":1}}}',
    '{"places":[["desk\\nusb",[0,3]]]}',
    '{"places":[]}',
    'null',
    '7',
    '[]',
  ],
  words: ['places', 'desk\\nusb', 'usb', '[0,3]'],
  check(input) {
    const saved = only(SyntaxError, () => JSON.parse(input) as unknown);
    const parserState = new ParserState(pack, new SubjectResolver('alice'), saved);
    const { lost } = parseBatch({ lines: [{ number: 1, text: line }], refused: [] }, parserState);
    for (const { count } of lost) if (!Number.isSafeInteger(count) || count < 0) throw new Error(`lost: ${count}`);
    if (parserState.save().places.length > 20_000) throw new Error('remembers too much');
  },
};

const MOST = 200;

/** Bytes of a log, in pieces of any size: the same lines as in one, none too long. */
export const lines: Target = {
  name: 'lines',
  reaches: /src-main\/source\/line-splitter/,
  seeds: ['a\nb\r\n\nc', '\ufeffé€😀\n\0\0x\n', 'x'.repeat(300) + '\ny\n'],
  words: ['\n', '\r\n', '\0', '\ufeff', 'é', '😀', 'x'.repeat(201)],
  check(input) {
    const bytes = Buffer.from(input);
    const whole = split(bytes, bytes.length || 1);
    for (const size of [1, 7]) {
      if (JSON.stringify(split(bytes, size)) !== JSON.stringify(whole))
        throw new Error(`in pieces of ${size} it is another`);
    }
    const count = bytes.filter((byte) => byte === 10).length;
    if (whole.lines.length + whole.refused.length < count) throw new Error('a line is missing');
  },
};

function split(bytes: Buffer, size: number) {
  const splitter = new LineSplitter(MOST);
  const found = {
    lines: [] as { number: number; text: string }[],
    refused: [] as { number: number; reason: 'too-long' }[],
  };
  for (let at = 0; at < bytes.length; at += size)
    splitter.feed(bytes.subarray(at, at + size), found.lines, found.refused);
  splitter.end(found.lines, found.refused);
  return found;
}
