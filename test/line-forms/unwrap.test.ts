import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { defaultPack } from '../../src-main/engine/reading/pack.ts';
import { SubjectResolver } from '../../src-main/engine/reading/subject-resolver.ts';
import { ParserState, parseBatch } from '../../src-main/engine/reading/parse-batch.ts';
import { look } from '../../src-main/line-forms/look.ts';
import { seemingOf } from '../../src-main/line-forms/sentences.ts';
import { unwrap } from '../../src-main/line-forms/unwrap.ts';
import { lineOf } from '../engine/log-lines.ts';

const T = 1_750_000_000;
const result = (n: number): string =>
  lineOf({ query: 'usb', change: 'added', time: T + n, columns: { model: `{stick} "${n}"` } }, n);
const glog = 'I0725 17:20:00.123456  4711 scheduler.cpp:105] Executing scheduled query pack_user-behavior_users';
const status = JSON.stringify({
  hostIdentifier: 'desk',
  unixTime: T,
  severity: '0',
  filename: 'scheduler.cpp',
  line: '105',
  message: 'Executing',
});

function read(lines: readonly string[]) {
  const parserState = new ParserState(defaultPack(), new SubjectResolver('ann'));
  const numbered = lines.map((text, n) => ({ number: n + 1, text }));
  const { found, refused } = parseBatch({ lines: numbered, refused: [] }, parserState);
  return {
    times: found.map(({ action }) => action.time - T),
    reasons: refused.map(({ reason }) => reason),
    parserState,
  };
}

describe('a result is read out of what stands around it', () => {
  it.each([
    ['a prefix of syslog', 'prefix', [`Jul 25 17:20:00 desk ${result(1)}`]],
    ['syslog’s cee', 'prefix', [`Jul 25 17:20:00 desk osqueryd[811]: @cee:${result(1)}`]],
    ['others in the same line', 'several', [`${result(1)}${result(1)} ${result(1)}`]],
    ['an array over lines', 'array', ['[', `${result(1)},`, result(1), ']']],
    ['an array that begins in the line', 'array', [`[${result(1)},`, `${result(1)}]`]],
    ['an array in one line', 'array', [`[${result(1)}, ${result(1)}]`]],
    ['Filebeat', 'shipped', [JSON.stringify({ '@timestamp': 'x', message: result(1), agent: { type: 'filebeat' } })]],
    ['Docker', 'shipped', [JSON.stringify({ log: `${result(1)}\n`, stream: 'stdout' })]],
    ['the journal', 'shipped', [JSON.stringify({ MESSAGE: result(1), _PID: '7' })]],
    ['a shipper that took it apart', 'shipped', [JSON.stringify({ json: JSON.parse(result(1)) as object })]],
    ['a shipper around syslog', 'shipped', [JSON.stringify({ message: `Jul 25 desk osqueryd: ${result(1)}` })]],
  ])('%s', (_, form, lines) => {
    const { times, reasons, parserState } = read(lines);
    expect(times.length).toBeGreaterThan(0);
    expect(new Set(times)).toEqual(new Set([1]));
    expect(reasons).toEqual([]);
    expect(Object.keys(parserState.odd)).toEqual([form]);
    expect(lines.flatMap((line) => look(line).results).map(({ name }) => name)).toContain('pack_user-behavior_usb');
  });

  it('as it is a result by itself, in each of the ways and in ways of ways', () => {
    const ways: ((line: string) => string)[] = [
      (line) => line,
      (line) => `Jul 25 17:20:00 desk osqueryd[1]: ${line}`,
      (line) => JSON.stringify({ message: line }),
      (line) => `${line},`,
    ];
    fc.assert(
      fc.property(fc.nat(99), fc.constantFrom(...ways), fc.constantFrom(...ways), (n, inner, outer) => {
        expect(read([outer(inner(result(n)))]).times).toEqual([n]);
      }),
    );
  });
});

describe('what is none is called by its name', () => {
  it.each([
    ['status-log', glog],
    ['status-log', status],
    ['spread', '},'],
    ['not-json', '{'],
    ['spread', '  "name": "pack_user-behavior_usb",'],
    ['shipper', JSON.stringify({ '@timestamp': 'x', osquery: { result: { name: 'x', action: 'added' } } })],
    ['not-json', 'Jul 25 17:20:00 desk kernel: usb 1-1: new device'],
    ['not-json', `Jul 25 17:20:00 desk ${result(1).slice(0, -20)}`],
    ['no-name', '{"level":"info"}'],
  ])('%s: %s', (reason, line) => {
    expect(read([line])).toMatchObject({ times: [], reasons: [reason] });
    expect(look(line).reason).toBe(seemingOf([[reason, 1]]));
  });
});

it('takes any text, in time that grows with its length', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('{', '}', '[', ']', '"', ',', 'a', '\\', result(1))), (parts) => {
      const text = parts.join('');
      expect(() => [unwrap(text), look(text), read([text])]).not.toThrow();
    }),
  );
  for (const piece of ['{', '[', '{"a":', '}{', '"', '[{', ' ,', '{}'])
    expect(() => look(piece.repeat(2 ** 20 / piece.length))).not.toThrow();
});
