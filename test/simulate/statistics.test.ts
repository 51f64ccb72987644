import { describe, expect, it } from 'vitest';

import { simulated } from './simulated.ts';

/**
 * What was measured on three logs of one real user (2017 pack; 10,024, 5,209 and 44,769 lines; data sets of the original
 * project): the least and the most of the three. The logs tell no ephemeral local ports, so ours are left out too.
 */
const real = {
  open_sockets: [0.62, 0.82],
  open_files: [0.1, 0.232],
  processes: [0.003, 0.159],
  /** Share of all rows that tell an end. */
  removed: [0.456, 0.519],
  /** Share of the added rows that were never added before, in the second to the last fifth. */
  novelty: [0.164, 0.521],
  /** Rows of one second, mean. */
  burst: [5, 28.8],
  /** Variance over mean of the rows of a minute, of minutes that have any. */
  fano: [17.3, 361],
  /** Rows of such a minute, mean. */
  minute: [9.9, 53.8],
  /** Share of rows that come in the same second as the one before. */
  together: [0.801, 0.965],
  /** Share of rows that repeat the one before. */
  repeats: [0.0044, 0.0993],
} as const;
/** One real user is not all users: so much may be beside. */
const MARGIN = 0.25;

interface Row {
  readonly name: string;
  readonly action: string;
  readonly unixTime: number;
  readonly columns: Record<string, string>;
}

function statisticsOf(rows: readonly Row[]): Record<keyof typeof real, number> {
  const query = ({ name }: Row): string => name.replace('pack_external_pack_', '');
  const share = (wanted: (row: Row, i: number) => boolean): number => rows.filter(wanted).length / rows.length;
  const keys = rows.map((row) => JSON.stringify([query(row), { ...row.columns, local_port: '' }]));
  const bySecond = counts(rows.map(({ unixTime }) => unixTime));
  const byMinute = counts(rows.map(({ unixTime }) => Math.floor(unixTime / 60)));
  return {
    open_sockets: share((row) => query(row) === 'open_sockets'),
    open_files: share((row) => query(row) === 'open_files'),
    processes: share((row) => query(row) === 'processes'),
    removed: share(({ action }) => action === 'removed'),
    novelty: mean(noveltyOf(keys.filter((_, k) => rows[k]!.action === 'added')).slice(1)),
    burst: mean(bySecond),
    fano: mean(byMinute.map((n) => (n - mean(byMinute)) ** 2)) / mean(byMinute),
    minute: mean(byMinute),
    together: share(({ unixTime }, i) => unixTime === rows[i - 1]?.unixTime),
    repeats: share(({ action }, i) => keys[i] === keys[i - 1] && action === rows[i - 1]?.action),
  };
}

/** Share of never seen keys, by fifth. */
function noveltyOf(keys: readonly string[]): number[] {
  const seen = new Set<string>();
  const isNew = keys.map((key) => seen.size < seen.add(key).size);
  const fifth = Math.floor(keys.length / 5);
  return [0, 1, 2, 3, 4].map((n) => mean(isNew.slice(n * fifth, (n + 1) * fifth).map(Number)));
}

const counts = (values: readonly number[]): number[] => {
  const found = new Map<number, number>();
  for (const value of values) found.set(value, (found.get(value) ?? 0) + 1);
  return [...found.values()];
};
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe.each([1, 2, 3])('a week of one user, seed %i, as the pack of 2017 saw it', (seed) => {
  const { lines } = simulated({ pack: '2017', users: 1, days: 7, seed, attacks: [] });
  const rows = lines.map(({ text }) => JSON.parse(text) as Row);
  const found = statisticsOf(rows);

  it.each(Object.entries(real))('%s is as in real logs', (name, [least, most]) => {
    const value = found[name as keyof typeof real];
    expect(value).toBeGreaterThan(least * (1 - MARGIN));
    expect(value).toBeLessThan(most * (1 + MARGIN));
  });

  it('new things keep coming: the last fifth brings more than a third of the second’s', () => {
    const added = rows
      .filter(({ action }) => action === 'added')
      .map(({ name, columns }) => JSON.stringify([name, columns]));
    const [, second, , , last] = noveltyOf(added);
    expect(last!).toBeGreaterThan(second! / 3);
  });

  it('actions a day: thousands on a working day, as in reality (5,000 to 33,000), few on a free one', () => {
    const days = [...new Set(rows.map(({ unixTime }) => Math.floor(unixTime / 86_400)))];
    const perDay = days.map((day) => rows.filter(({ unixTime }) => Math.floor(unixTime / 86_400) === day).length);
    expect(perDay.filter((n) => n > 4000 && n < 33_000).length).toBeGreaterThanOrEqual(4);
    expect(Math.min(...perDay)).toBeLessThan(100);
  });
});
