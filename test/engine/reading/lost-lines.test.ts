import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { LostLines } from '../../../src-main/engine/reading/lost-lines.ts';
import { defaultPack } from '../../../src-main/engine/reading/pack.ts';
import { lineParser } from '../../../src-main/engine/reading/parse-line.ts';
import { SubjectResolver } from '../../../src-main/engine/reading/subject-resolver.ts';
import { ParserState, parseBatch } from '../../../src-main/engine/reading/parse-batch.ts';

const pack = defaultPack();
const name = 'pack_user-behavior_usb';

/** Whether a result's name is counted: as reading a line tells. */
function isCounted(result: string): boolean {
  const line = { name: result, hostIdentifier: 'desk', unixTime: 1_750_000_000, columns: {}, action: 'added' };
  const parsed = lineParser(pack)(JSON.stringify(line));
  return parsed.ok && parsed.counted;
}

describe('lost results', () => {
  const see = (steps: [epoch: number | undefined, counter: number | undefined][]): number[] => {
    const lost = new LostLines();
    return steps.map(([epoch, counter]) => lost.see({ host: 'desk', name, epoch, counter }));
  };

  it.each([
    [
      'none while the counter grows by one',
      [
        [0, 1],
        [0, 2],
        [0, 2],
        [0, 3],
      ],
      [0, 0, 0, 0],
    ],
    [
      'as many as the counter jumped over',
      [
        [0, 1],
        [0, 5],
      ],
      [0, 3],
    ],
    [
      'none over a new epoch',
      [
        [0, 1],
        [9, 7],
      ],
      [0, 0],
    ],
    [
      'none when the counter begins again',
      [
        [0, 8],
        [0, 1],
        [0, 2],
      ],
      [0, 0, 0],
    ],
    [
      'none where there is no counter',
      [
        [undefined, undefined],
        [0, undefined],
      ],
      [0, 0],
    ],
  ] as [string, [number | undefined, number | undefined][], number[]][])('%s', (_, steps, expected) => {
    expect(see(steps)).toEqual(expected);
  });

  it.each([
    ['of which all is logged', 'pack_user-behavior_usb', true],
    ['of events', 'pack_user-behavior-events_ev_process', true],
    ['behind another delimiter', 'pack/user-behavior/sudoers', true],
    ['of which only what is new is logged', 'pack_user-behavior_process_start', false],
    ['of the pack of 2017, whose osqueryd counted runs', 'pack_external_pack_open_sockets', false],
    ['of the pack of 2017 by its other name', 'pack_user_behavior_kernel_modules', false],
    [
      'of another pack that asks the same, perhaps without what is removed',
      'pack_incident-response_kernel_modules',
      false,
    ],
    ['of somebody’s own schedule', 'crontab', false],
  ])('are told of a query %s: %s', (_, result, counted) => {
    expect(isCounted(result)).toBe(counted);
  });

  it('are not told where two packs ask the same, each with a counter of its own', () => {
    const line = (result: string, counter: number): string =>
      JSON.stringify({
        name: result,
        hostIdentifier: 'desk',
        unixTime: 1_750_000_000,
        epoch: 0,
        counter,
        columns: { name: 'mod' },
        action: 'added',
      });
    const lines = [1, 2, 3].flatMap((n) => [
      line('pack_user-behavior_kernel_modules', n),
      line('pack_incident-response_kernel_modules', 39 + n),
      line('kernel_modules', 98 + n),
    ]);
    const numbered = lines.map((text, n) => ({ number: n + 1, text }));
    expect(parseBatch({ lines: numbered, refused: [] }, new ParserState(pack, new SubjectResolver())).lost).toEqual([]);
  });

  it('keep to a bounded memory', () => {
    const lost = new LostLines();
    for (let host = 0; host < 10_050; host++) lost.see({ host: `h${host}`, name, epoch: 0, counter: 1 });
    expect(lost.save()).toHaveLength(10_000);
  });

  it('are told apart by host and query, and across a restart', () => {
    const lost = new LostLines();
    lost.see({ host: 'a', name, epoch: 0, counter: 1 });
    lost.see({ host: 'b', name, epoch: 0, counter: 5 });
    expect(new LostLines(lost.save()).see({ host: 'a', name, epoch: 0, counter: 4 })).toBe(2);
  });

  it('and those that came are together all that osquery counted, whenever the app was restarted', () => {
    const counters = fc.uniqueArray(fc.integer({ min: 0, max: 1000 }), { minLength: 1 });
    fc.assert(
      fc.property(counters, fc.nat(), (seen, restart) => {
        const came = seen.toSorted((a, b) => a - b);
        let lost = new LostLines();
        let total = 0;
        for (const [step, counter] of came.entries()) {
          if (step === restart % came.length) {
            const saved = JSON.parse(JSON.stringify(lost.save())) as ConstructorParameters<typeof LostLines>[0];
            lost = new LostLines(saved);
          }
          total += lost.see({ host: 'desk', name, epoch: 7, counter });
        }
        expect(total + came.length).toBe(came.at(-1)! - came[0]! + 1);
      }),
    );
  });
});
