import { expect, it } from 'vitest';

import { machinesOf, type MachinesOptions } from '../../src-main/simulate/machines.ts';
import type { Label } from '../../src-main/simulate/simulate.ts';

const options: MachinesOptions = {
  hosts: 20,
  days: 3,
  start: 1_776_643_200,
  seed: 4,
  pack: 'modern',
  form: 'event',
  attacks: ['miner', 'usb'],
};

function read(changed: Partial<MachinesOptions> = {}): { texts: string[]; labels: Label[]; times: number[] }[] {
  return machinesOf({ ...options, ...changed }).map(({ days }) => {
    const [texts, times]: [string[], number[]] = [[], []];
    for (;;) {
      const { done, value } = days.next();
      if (done) return { texts, times, labels: value };
      texts.push(...value.map(({ text }) => text));
      times.push(...value.map(({ time }) => time));
    }
  });
}

it('gives each machine lines of its own name, in order of time, and lays each attack into one', () => {
  const machines = read();
  for (const [m, { texts, times }] of machines.entries()) {
    const host = `desk-${String(m + 1).padStart(4, '0')}`;
    expect(texts.length).toBeGreaterThan(100);
    expect(new Set(texts.map((text) => (JSON.parse(text) as { hostIdentifier: string }).hostIdentifier))).toEqual(
      new Set([host]),
    );
    expect(times.every((time, t) => t === 0 || time >= times[t - 1]!)).toBe(true);
  }
  const ids = machines.flatMap(({ labels }, m) => labels.map(({ id }) => `${id} ${m}`));
  expect(ids.sort()).toEqual(['miner-loud 0', 'miner-stealthy 0', 'usb-loud 10', 'usb-stealthy 10']);
});

it('gives the same again, and machines that are there already the same when more come', () => {
  const few = read({ hosts: 2, days: 1, attacks: [] });
  expect(read({ hosts: 3, days: 1, attacks: [] }).slice(0, 2)).toEqual(few);
  expect(few[0]!.texts).not.toEqual(few[1]!.texts);
});
