import type { JudgedLog } from './judge-log.ts';
import type { Unit } from './labels.ts';

/** Runs of strange units. */
export interface Episodes {
  readonly all: number;
  /** Lines until the first alarm, of those that were noticed. */
  readonly delays: readonly number[];
}

/** @param windowAt z of the window that ends with a line; undefined where none was judged */
export function episodesOf(
  units: readonly Unit[],
  { alarm }: JudgedLog,
  windowAt: (line: number) => number | undefined,
): Episodes {
  const delays: number[] = [];
  let all = 0;
  for (let u = 0; u < units.length; u++) {
    if (units[u]!.label === 0) continue;
    const first = units[u]!.from;
    while (units[u + 1]?.label === 1) u++;
    all++;
    for (let line = first; line <= units[u]!.to; line++) {
      if ((windowAt(line) ?? -Infinity) < alarm) continue;
      delays.push(line - first + 1);
      break;
    }
  }
  return { all, delays };
}
