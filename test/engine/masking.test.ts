import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';
import { expect, it } from 'vitest';

import { fusedEngine } from '../../models/fused.ts';
import { Engine } from '../../src-main/engine/engine.ts';
import { defaultPack } from '../../src-main/engine/reading/pack.ts';
import { scratch } from '../scratch.ts';
import { batchOf, lineOf } from './log-lines.ts';
import { forms, plainSecret } from './reading/planted.ts';

it('no secret is in any byte of the state folder', () => {
  const planted = fc.record({
    form: fc.constantFrom(...forms),
    secret: plainSecret,
    column: fc.constantFrom('cmdline', 'command', 'arguments'),
    isCut: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(planted, { minLength: 1, maxLength: 30 }), (rows) => {
      const state = join(scratch(), 'state');
      const opened = Engine.open({
        state,
        pack: defaultPack(),
        algorithm: 'ocsvm',
        seed: 1,
        windowLength: 100,
        trainAfter: 1000,
        sensitivity: { alertsPerDay: 1 / 7 },
        subject: 'alice',
        math: fusedEngine(),
        now: () => 1_800_000_000,
      });
      if (!opened.ok) throw new Error(opened.problem.message);
      const lines = rows.map(({ form, secret, column, isCut }) => {
        const columns = { [column]: form.replace('§', () => secret) };
        const line = lineOf({ query: 'process_events', change: 'added', time: 1_750_000_000, columns });
        // What was cut in the midst is refused, with a reason that is stored.
        return isCut ? line.slice(0, line.indexOf(secret) + secret.length) : line;
      });
      opened.engine.ingest(batchOf(lines));
      const look = (): void => {
        const files = globSync('**/*', { cwd: state }).map((name) => join(state, name));
        const bytes = files.filter((path) => statSync(path).isFile()).map((path) => readFileSync(path, 'latin1'));
        expect(bytes.length).toBeGreaterThan(0);
        for (const { secret } of rows) for (const content of bytes) expect(content.includes(secret)).toBe(false);
      };
      look();
      opened.engine.close();
      look();
    }),
    { numRuns: 30 },
  );
});
