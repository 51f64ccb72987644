import { describe, expect, test } from 'vitest';

import { Facts } from '../../../models/facts/facts.ts';
import { DAY, file, key, known, MONDAY, row, start, typed, web } from './ordinary.ts';

describe('when something new comes, and beside what', () => {
  /** Hours after the day's first at which nobody is there, and at which there is something every day. */
  const [NIGHT, NOON] = [17 * 3600, 3 * 3600];
  const shellAt = (after: number): number => {
    const { facts, now } = known();
    return facts.see(row(now - 7 * 3600 + after, start('soffice.bin', 'bash', '/usr/bin/bash'))).facts;
  };

  test('what is new at an hour at which nobody is ever there surprises more', () => {
    const more = shellAt(NIGHT) - shellAt(NOON);
    expect(more).toBeGreaterThan(3);
    expect(more).toBeLessThan(4.5);
  });

  test('who was seen on two days can be told from nobody at night, but hardly', () => {
    const facts = new Facts(false);
    const rows = [
      start('bash', 'git', '/usr/bin/git'),
      web('firefox'),
      typed('git'),
      file('/usr/bin/ssh', '/home/a/.ssh/k'),
    ];
    for (let hour = 0; hour < 34; hour += hour === 8 ? 16 : 1)
      for (const one of rows) facts.see(row(MONDAY + hour * 3600, one));
    const saved = facts.save();
    const at = (hour: number): number => new Facts(false, saved).see(row(MONDAY + hour * 3600, typed('htop'))).facts;
    expect(at(2 * 24 + 16) - at(2 * 24 + 4)).toBeGreaterThan(0.5);
    expect(at(2 * 24 + 16) - at(2 * 24 + 4)).toBeLessThan(2);
  });

  test('who works every night is not told from the day', () => {
    const { facts, now } = known();
    const [noon, night] = [NOON, NIGHT].map((after) => now - 7 * 3600 + after);
    for (let day = 0; day < 28; day++)
      for (const time of [noon!, night!])
        for (const one of [start('bash', 'git', '/usr/bin/git'), web('firefox')]) facts.see(row(time + day * DAY, one));
    const saved = facts.save();
    const at = (time: number): number => new Facts(false, saved).see(row(time + 28 * DAY, typed('htop'))).facts;
    expect(at(night!) - at(noon!)).toBeLessThan(0.7);
  });

  test('what is new within minutes of a new key surprises more than either, whichever the log tells first', () => {
    const script = start('bash', 'bash', '/usr/bin/bash');
    const [alone, before, after, late] = [known(), known(), known(), known()];
    const { facts: ofScript } = alone.facts.see(row(alone.now, script));
    before.facts.see(row(before.now, key));
    expect(before.facts.see(row(before.now + 300, script)).facts).toBeGreaterThan(ofScript + 3);
    after.facts.see(row(after.now, script));
    const judged = after.facts.see(row(after.now + 300, key));
    expect(judged.facts).toBeGreaterThan(ofScript + 3);
    expect(judged.setting).toBeGreaterThan(0);
    late.facts.see(row(late.now, key));
    expect(late.facts.see(row(late.now + 700, script)).facts).toBeCloseTo(ofScript, 2);
  });

  test('a key that was told does not make what comes after it alarm again', () => {
    const [one, other] = [known(), known()];
    for (const { facts, now } of [one, other]) facts.see(row(now, key));
    one.facts.tell();
    const script = row(one.now + 60, start('bash', 'bash', '/usr/bin/bash'));
    expect(one.facts.see(script).facts).toBeLessThan(other.facts.see(script).facts - 3);
  });

  describe('how much is new in ten minutes', () => {
    /** Nats after each of some rows, some seconds apart. */
    const after = (rows: readonly Parameters<typeof row>[1][], seconds: number): number[] => {
      const { facts, now } = known();
      return rows.map((one, n) => facts.see(row(now + n * seconds, one)).facts);
    };
    const commands = ['zip', 'strings', 'xargs', 'lsof', 'dd', 'shred', 'tac'].map((verb) => typed(verb));

    test('up to four things tell no more than the most surprising; each beyond tells of all after the first', () => {
      const nats = after(commands, 85);
      expect(Math.max(...nats.slice(0, 4))).toBeLessThan(Math.min(...nats.slice(0, 4)) + 1);
      const [, , , four, five, six, seven] = nats as [number, number, number, number, number, number, number];
      expect(five - four).toBeGreaterThan(3);
      expect(six - five).toBeGreaterThan(0.5);
      expect(seven - six).toBeGreaterThan(0.5);
      expect(seven - six).toBeLessThan((five - four) / 2);
    });

    test('what was told does not count among what comes after it', () => {
      const { facts, now } = known();
      const nats = commands.map((one, n) => {
        const told = facts.see(row(now + n * 85, one)).facts;
        if (n === 4) facts.tell();
        return told;
      });
      expect(nats[4]! - nats[3]!).toBeGreaterThan(3);
      expect(nats[5]!).toBeLessThan(nats[3]! + 1);
      expect(new Facts(false, facts.save()).save()).toEqual(facts.save());
    });

    test('what comes more slowly is not many at a time', () => {
      const nats = after(commands, 200);
      expect(Math.max(...nats)).toBeLessThan(Math.min(...nats) + 1);
    });

    test('a new program and all that follows from it is one thing', () => {
      const children = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => start('tool', name, `/opt/tool/${name}`));
      const [alone, ...nats] = after([start('bash', 'tool', '/opt/tool/tool'), web('tool'), ...children], 85);
      expect(Math.max(...nats)).toBeLessThan(alone! + 3);
    });

    test('what a known script starts for the first time is one thing', () => {
      const names = ['sed', 'grep', 'find', 'date', 'sort', 'awk'];
      const by = (parent: string) => names.map((name) => start(parent, name, `/usr/bin/${name}`));
      const { facts, now } = known();
      for (let day = 0; day < 3; day++) for (const one of by('bash')) facts.see(row(now + day * DAY, one));
      const nats = by('sh').map((one, n) => facts.see(row(now + 4 * DAY + n * 85, one)).facts);
      expect(Math.min(...nats)).toBeGreaterThan(5);
      expect(Math.max(...nats)).toBeLessThan(Math.min(...nats) + 4);
    });

    test('a user with much that is new every day is less surprising for it', () => {
      const { facts, now } = known();
      for (let day = 1; day <= 20; day++)
        for (let n = 0; n < 40; n++)
          facts.see(
            row(now + day * DAY + n * 600, typed(`tool${day}x${n}`.replace(/\d/g, (d) => 'abcdefghij'[Number(d)]!))),
          );
      const then = now + 21 * DAY;
      const nats = commands.map((one, n) => facts.see(row(then + n * 85, one)).facts);
      const usual = after(commands, 85);
      expect(nats[4]! - nats[3]!).toBeLessThan((usual[4]! - usual[3]!) * 0.7);
    });
  });
});
