import type { Asked, View } from './asked.ts';
import type { Happening } from './happening.ts';

/** A row of a result. */
export interface Row {
  /** When osquery looked, Unix seconds. */
  readonly time: number;
  readonly query: string;
  readonly change: 'added' | 'removed' | 'snapshot';
  readonly columns: Readonly<Record<string, string>>;
  readonly attack?: string;
}

interface Present extends Asked {
  until: number;
  readonly attack?: string;
}

/**
 * When the query looks at or after a time. Each query has a second of its own, as in an osqueryd that has run for long;
 * accounts come first, so that the names are known by which all others are read.
 */
function lookAt(time: number, query: string, view: View): number {
  const interval = view.intervalOf(query);
  const sum = Array.from(query).reduce((all, char) => all + char.charCodeAt(0), 0);
  const phase = query === 'users' ? 0 : 1 + (sum % (interval - 1));
  return Math.ceil((time - phase) / interval) * interval + phase;
}

/**
 * osqueryd on one host: looks at fixed times, and tells what is there that was not there when it last looked, and what
 * is gone since. What began and ended between two looks is never seen.
 */
export class Looker {
  readonly #view: View;
  readonly #present = new Map<string, Present>();
  #waiting: Happening[] = [];

  constructor(view: View) {
    this.#view = view;
  }

  /** What is told until `end`, in order. @param happened since the last call and, at most, before `end` */
  rows(happened: readonly Happening[], end: number): Row[] {
    const view = this.#view;
    const rows: Row[] = [];
    const all = [...this.#waiting, ...happened].sort((a, b) => a.time - b.time);
    this.#waiting = [];
    for (const happening of all) {
      const found = view.rowsOf(happening);
      if (found.some(({ query }) => lookAt(happening.time, query, view) >= end)) this.#waiting.push(happening);
      else for (const asked of found) this.#see(happening, asked, rows);
    }
    for (const [key, present] of this.#present) {
      const gone = lookAt(present.until, present.query, view);
      if (gone >= end) continue;
      if (view.tellsEnd(present.query)) rows.push(rowOf(gone, 'removed', present));
      this.#present.delete(key);
    }
    return rows.sort(inOrder);
  }

  #see({ time, lasts, attack, kind }: Happening, asked: Asked, rows: Row[]): void {
    const view = this.#view;
    const first = lookAt(time, asked.query, view);
    if (view.isEvent(asked.query)) {
      rows.push(rowOf(first, 'added', { ...asked, until: first, ...(attack !== undefined && { attack }) }));
      return;
    }
    // The history is a file: what was typed stays in it.
    const until = kind === 'command' ? first + 1 : time + lasts;
    if (until <= first) return;
    const key = JSON.stringify([asked.query, asked.columns, asked.id]);
    const before = this.#present.get(key);
    if (before) {
      const gone = lookAt(before.until, asked.query, view);
      if (first <= gone) {
        before.until = Math.max(before.until, until);
        return;
      }
      if (view.tellsEnd(asked.query)) rows.push(rowOf(gone, 'removed', before));
    }
    const present = { ...asked, until, ...(attack !== undefined && { attack }) };
    this.#present.set(key, present);
    rows.push(rowOf(first, 'added', present));
  }
}

const rowOf = (time: number, change: Row['change'], { query, columns, attack }: Present): Row => ({
  time,
  query,
  change,
  columns,
  ...(attack !== undefined && { attack }),
});

/** By time, accounts first. */
function inOrder(a: Row, b: Row): number {
  const rank = ({ query }: Row): string => (query === 'users' ? '' : query);
  return a.time - b.time || (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0);
}

/** Seconds between two snapshots. */
const SNAPSHOT_EVERY = 300;

/** osqueryd that tells the whole of each table again and again. */
export class SnapshotLooker {
  readonly #view: View;
  #present: { readonly from: number; readonly until: number; readonly row: Present }[] = [];

  constructor(view: View) {
    this.#view = view;
  }

  rows(happened: readonly Happening[], end: number, start: number): Row[] {
    for (const happening of happened) {
      const { time, lasts, attack, kind } = happening;
      // A history is told whole; the last hour of it stands for that.
      const until = kind === 'command' ? time + 3600 : time + lasts;
      for (const asked of this.#view.rowsOf(happening)) {
        this.#present.push({ from: time, until, row: { ...asked, until, ...(attack !== undefined && { attack }) } });
      }
    }
    const rows: Row[] = [];
    for (let time = start; time < end; time += SNAPSHOT_EVERY) {
      const there = this.#present.filter(({ from, until }) => from <= time && until > time);
      rows.push(...there.map(({ row }) => rowOf(time, 'snapshot', row)));
    }
    this.#present = this.#present.filter(({ until }) => until > end);
    return rows.sort(inOrder);
  }
}
