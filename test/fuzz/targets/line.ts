import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe } from '../../../src-main/engine/explanation/describe.ts';
import { defaultPack } from '../../../src-main/engine/reading/pack.ts';
import { SubjectResolver } from '../../../src-main/engine/reading/subject-resolver.ts';
import { ParserState, parseBatch } from '../../../src-main/engine/reading/parse-batch.ts';
import { mustBeHarmless, type Target } from '../target.ts';

const pack = defaultPack();
const parserState = new ParserState(pack, new SubjectResolver());
const folder = join(import.meta.dirname, '..', '..', 'fixtures', 'lines');

/** A line of the log, from its bytes to what is stored of it. */
export const line: Target = {
  name: 'line',
  reaches: /src-main\/(engine\/(reading|explanation)|line-forms)/,
  seeds: readdirSync(folder)
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').slice(0, 40))
    .filter((text) => text !== '' && text.length < 3000),
  words: [
    'name',
    'unixTime',
    'columns',
    'diffResults',
    'snapshot',
    'added',
    'removed',
    'action',
    'epoch',
    'counter',
    'uid',
    'auid',
    'username',
    'message',
    'Jul 25 17:20:00 desk osqueryd[7]: @cee:',
    '}{',
  ],
  check(input) {
    const batch = { lines: [{ number: 1, text: input }], refused: [] };
    const { found, refused, lost } = parseBatch(batch, parserState);
    if (input !== '' && found.length + refused.length === 0 && !/\[\]|""|null|^\s*[[\]][\s,\]]*$/.test(input))
      throw new Error('neither taken nor refused');
    for (const { detail } of refused) mustBeHarmless(detail, 'a refusal', 400);
    for (const { count } of lost) if (!Number.isSafeInteger(count) || count < 0) throw new Error(`lost: ${count}`);
    let size = 0;
    for (const { subject, action } of found) {
      if (!Number.isInteger(action.time) || action.time <= 0) throw new Error(`time ${action.time}`);
      if (subject.length > 300) throw new Error(`a subject of ${subject.length} characters`);
      for (const value of Object.values(action.columns)) {
        if (typeof value !== 'string') throw new Error('a column that is no text');
        size += value.length;
      }
      mustBeHarmless(describe(action, pack.learning), 'a description', 60);
    }
    if (size > 8 * input.length + 100) throw new Error(`${input.length} characters became ${size}`);
  },
};
