import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { LostLines } from '../../../src-main/engine/reading/lost-lines.ts';
import { defaultPack } from '../../../src-main/engine/reading/pack.ts';

const pack = defaultPack();

describe('lost results', () => {
  const see = (steps: [epoch: number | undefined, counter: number | undefined][], query = 'usb'): number[] => {
    const lost = new LostLines();
    return steps.map(([epoch, counter]) => lost.see(pack, 'desk', query, epoch, counter));
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
      'none when the counter begins anew',
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

  it('are not told of a query of which only what is new is logged', () => {
    expect(
      see(
        [
          [0, 1],
          [0, 9],
        ],
        'process_start',
      ),
    ).toEqual([0, 0]);
    expect(
      see(
        [
          [0, 1],
          [0, 9],
        ],
        'ev_process',
      ),
    ).toEqual([0, 7]);
  });

  it('are not told of the pack of 2017: its osqueryd counted runs', () => {
    expect(
      see(
        [
          [0, 1],
          [0, 9],
        ],
        'open_sockets',
      ),
    ).toEqual([0, 0]);
  });

  it('keep to a bounded memory', () => {
    const lost = new LostLines();
    for (let host = 0; host < 10_050; host++) lost.see(pack, `h${host}`, 'usb', 0, 1);
    expect(lost.save()).toHaveLength(10_000);
  });

  it('are told apart by host and query, and across a restart', () => {
    const lost = new LostLines();
    lost.see(pack, 'a', 'usb', 0, 1);
    lost.see(pack, 'b', 'usb', 0, 5);
    expect(new LostLines(lost.save()).see(pack, 'a', 'usb', 0, 4)).toBe(2);
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
          total += lost.see(pack, 'desk', 'usb', 7, counter);
        }
        expect(total + came.length).toBe(came.at(-1)! - came[0]! + 1);
      }),
    );
  });
});
