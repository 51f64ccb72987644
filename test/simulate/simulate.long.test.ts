import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { defaultPack } from '../../src-main/engine/reading/pack.ts';
import { SubjectResolver } from '../../src-main/engine/reading/subject-resolver.ts';
import { ParserState, parseBatch, type ParsedBatch } from '../../src-main/engine/reading/parse-batch.ts';
import { attacks } from '../../src-main/simulate/attacks/schedule.ts';
import { calendarTime, type Line } from '../../src-main/simulate/lines.ts';
import { everything, simulated } from './simulated.ts';

function read(lines: readonly Line[]): ParsedBatch {
  const numbered = lines.map(({ text }, i) => ({ number: i + 1, text }));
  return parseBatch(
    { lines: numbered, refused: [] },
    new ParserState(defaultPack(), new SubjectResolver(undefined, [], '/nonexistent')),
  );
}

const texts = (lines: readonly Line[]): string[] => lines.map(({ text }) => text);

describe('a simulated log', () => {
  it.each([
    ['modern', 'event'],
    ['modern', 'batch'],
    ['modern', 'snapshot'],
    ['2017', 'event'],
    ['2017', 'batch'],
  ] as const)('%s, %s: is read whole, nothing refused, nothing lost', (pack, form) => {
    const { lines } = simulated({ pack, form, days: 3 });
    const { found, refused, lost } = read(lines);
    expect(refused).toEqual([]);
    // Both packs ask for modules: what the pack of 2017 counted there is taken for the modern one's count.
    expect(lost.filter(({ query }) => pack === 'modern' || query !== 'kernel_modules')).toEqual([]);
    expect(found.length).toBeGreaterThan(3000);
    const subjects = new Set(found.map(({ subject }) => subject));
    // What the pack of 2017 asked tells nobody's name.
    const people = pack === 'modern' ? ['alice', 'bob', 'carol', 'dave'] : [];
    const known = [...subjects].filter((name) => name !== 'support' && name !== 'uid:1099');
    expect(known.sort()).toEqual([...people, 'host:desk-1', 'host:desk-2']);
  });

  it('is the same each time, another with another seed; more days only add to it', () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.integer({ min: 1, max: 7 }), (seed, users) => {
        const few = { seed, users, days: 1, attacks: [] };
        const once = texts(simulated(few).lines);
        expect(texts(simulated(few).lines)).toEqual(once);
        expect(texts(simulated({ ...few, days: 2 }).lines).slice(0, once.length)).toEqual(once);
        expect(texts(simulated({ ...few, seed: seed + 1 }).lines)).not.toEqual(once);
      }),
      { numRuns: 5 },
    );
  });

  it('goes forward in time, and counts results as osqueryd does', () => {
    const { lines } = simulated({ days: 2 });
    const times = lines.map(({ time }) => time);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    const counters = new Map<string, number>();
    for (const { text, host } of lines) {
      const { name, counter } = JSON.parse(text) as { name: string; counter: number };
      const before = counters.get(host + name);
      if (before !== undefined) expect([before, before + 1]).toContain(counter);
      counters.set(host + name, counter);
    }
  });

  it('brings an update to all hosts in one morning', () => {
    const { lines } = simulated({ days: 9, attacks: [] });
    const updated = lines.filter(({ text }) => text.includes('nf_conntrack_1'));
    expect(new Set(updated.map(({ host }) => host))).toEqual(new Set(['desk-1', 'desk-2']));
    const hours = updated.map(({ time }) => new Date(time * 1000).getUTCHours());
    expect(hours.every((hour) => hour >= 6 && hour < 8)).toBe(true);
  });

  it('has nearly nobody at work on a holiday', () => {
    const { lines } = simulated({ days: 1, users: 12, start: Date.UTC(2026, 4, 1) / 1000, attacks: [] });
    const workday = simulated({ days: 1, users: 12, start: Date.UTC(2026, 3, 30) / 1000, attacks: [] });
    const started = (of: readonly Line[]): number => of.filter(({ text }) => text.includes('process_start')).length;
    expect(started(lines)).toBeLessThan(started(workday.lines) / 4);
  });
});

describe('attacks', () => {
  const { lines, labels } = simulated({});

  it('are there, each once loud and once stealthy, in the last third', () => {
    expect(labels.map(({ id }) => id).sort()).toEqual(
      attacks.flatMap(({ id }) => [`${id}-loud`, `${id}-stealthy`]).sort(),
    );
    for (const { from, mitre } of labels) {
      expect(from).toBeGreaterThanOrEqual(everything.start + 6 * 86_400);
      expect(mitre).toMatch(/^T\d{4}(\.\d{3})?$/);
    }
  });

  it('are labelled line by line: without them the log holds the same, but for their lines', () => {
    const own = new Set(labels.flatMap((label) => label.lines.flatMap(([from, to]) => range(from, to))));
    const withoutCounter = (text: string): string => text.replace(/"counter":\d+/, '');
    const left = new Set(lines.filter((_, i) => !own.has(i + 1)).map(({ text }) => withoutCounter(text)));
    const clean = new Set(texts(simulated({ attacks: [] }).lines).map(withoutCounter));
    // What an attacker does with what the user has open already is told once: few lines, and all of them of that kind.
    expect([...clean].filter((text) => !left.has(text)).length).toBeLessThan(10);
    expect([...left].filter((text) => !clean.has(text))).toEqual([]);
  });

  it('lie where their labels say', () => {
    for (const { lines: runs, from, to, user, host, from_line: first, to_line: last } of labels) {
      expect([runs[0]![0], runs.at(-1)![1]]).toEqual([first, last]);
      expect([lines[first - 1]!.time, lines[last - 1]!.time]).toEqual([from, to]);
      const own = runs.flatMap(([begin, end]) => range(begin, end)).map((n) => lines[n - 1]!);
      expect(new Set(own.map((line) => line.host))).toEqual(new Set([host]));
      const names = new Set(
        read([...lines.slice(0, 200), ...own])
          .found.slice(-own.length)
          .map(({ subject }) => subject),
      );
      for (const name of names) expect([user, `host:${host}`, 'support', 'uid:1099']).toContain(name);
    }
  });
});

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

it('writes times as C does', () => {
  expect(calendarTime(Date.UTC(2026, 3, 5, 7, 8, 9) / 1000)).toBe('Sun Apr  5 07:08:09 2026 UTC');
});
