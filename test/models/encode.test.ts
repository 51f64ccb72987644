import fc from 'fast-check';
import { expect, it } from 'vitest';

import type { Action } from '../../models/action.ts';
import { Encoder } from '../../models/features/encode.ts';
import { defaultPack } from '../../src-main/engine/reading/pack.ts';

const { learning } = defaultPack();
const part = fc.constantFrom('usr', 'bin', 'opt', 'a=b', 'x'.repeat(90));
const columns = fc.record({
  path: fc.array(part, { maxLength: 4 }).map((parts) => `/${parts.join('/')}`),
  cmdline: fc.array(part, { maxLength: 3 }).map((parts) => parts.join(' ')),
  'cmdline=a': fc.constantFrom('b', 'c'),
});
const anyAction = fc
  .tuple(fc.constantFrom('process_start', 'what no pack has'), columns)
  .map(([query, values]): Action => ({ query, change: 'added', time: 0, columns: values }));

/** What an action is, however long ago it came last. */
const told = (encoder: Encoder, action: Action) => {
  const { type, token, fields, families, port } = encoder.encode(action);
  return { type, token, fields, families, port };
};

it('an action is the same each time, also when more came between than is kept', () => {
  const between = Array.from({ length: 300 }, (_, a): Action => ({
    query: 'process_start',
    change: 'added',
    time: 0,
    columns: { path: `/opt/${'abcdefghij'[a % 10]}/${String.fromCodePoint(97 + (a % 26), 97 + Math.floor(a / 26))}` },
  }));
  fc.assert(
    fc.property(fc.array(anyAction, { minLength: 1, maxLength: 20 }), (actions) => {
      const encoder = new Encoder(learning);
      const first = actions.map((action) => told(encoder, action));
      expect(actions.map((action) => told(encoder, action))).toEqual(first);
      for (const action of between) encoder.encode(action);
      expect(actions.map((action) => told(encoder, action))).toEqual(first);
      // One that has only the names reads every value again.
      const saved = encoder.save();
      expect(actions.map((action) => told(new Encoder(learning, saved), action))).toEqual(first);
    }),
    { numRuns: 100 },
  );
});
