import { expect, it } from 'vitest';

import type { ExampleAttack } from '../../src-main/contract/desktop.ts';
import { attackOf, judged, resultOf } from '../../src-renderer/lib/example-truth.ts';

const attack = (user: string, from: number, id = 'miner-loud'): ExampleAttack => ({
  id,
  user,
  host: 'desk-1',
  from,
  to: from + 600,
});
const alert = (user: string, firstTime: number) => ({ user, firstTime, lastTime: firstTime + 60 });
const attacks = [attack('bob', 50_000, 'usb-loud'), attack('alice', 10_000)];

it('knows an alert as that of an attack by its user, or the machine, and the time', () => {
  expect(attackOf(alert('alice', 10_100), attacks)?.id).toBe('miner-loud');
  expect(attackOf(alert('host:desk-1', 10_100), attacks)?.id).toBe('miner-loud');
  expect(attackOf(alert('alice', 9000), attacks)).toBeUndefined();
  expect(attackOf(alert('bob', 10_100), attacks)).toBeUndefined();
});

it.each([
  ['alice', 'suspicious', true],
  ['alice', 'normal', false],
  ['carol', 'normal', true],
  ['carol', 'suspicious', false],
] as const)('of an alert of %s, %s is right: %s', (user, verdict, right) => {
  expect(judged({ ...alert(user, 10_100), verdict }, attacks)?.right).toBe(right);
  expect(judged({ ...alert(user, 10_100), verdict: null }, attacks)).toBeUndefined();
});

it('tells what was found, what was missed and what was nothing', () => {
  const { found, missed, falseAlerts } = resultOf([alert('alice', 10_100), alert('carol', 20_000)], attacks);
  expect([found.map(({ id }) => id), missed.map(({ id }) => id), falseAlerts]).toEqual([
    ['miner-loud'],
    ['usb-loud'],
    1,
  ]);
});
