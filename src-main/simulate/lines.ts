import type { View } from './asked.ts';
import type { Row } from './look.ts';

/** How osqueryd writes results: a line a row, a line a look, or a line a snapshot. */
export const forms = ['event', 'batch', 'snapshot'] as const;
export type Form = (typeof forms)[number];

/** One line of the log. */
export interface Line {
  readonly text: string;
  /** Unix seconds. */
  readonly time: number;
  readonly host: string;
  /** Attacks that rows of it belong to. */
  readonly attacks: readonly string[];
}

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** As C's asctime writes it, in UTC. */
export function calendarTime(time: number): string {
  const date = new Date(time * 1000);
  const clock = date.toISOString().slice(11, 19);
  const day = String(date.getUTCDate()).padStart(2, ' ');
  return `${weekdays[date.getUTCDay()]!} ${months[date.getUTCMonth()]!} ${day} ${clock} ${date.getUTCFullYear()} UTC`;
}

/** osqueryd's logger on one host: keeps the counters. */
export class Logger {
  readonly #host: string;
  readonly #view: View;
  readonly #form: Form;
  readonly #start: number;
  readonly #counters = new Map<string, number>();

  constructor(host: string, view: View, form: Form, start: number) {
    this.#host = host;
    this.#view = view;
    this.#form = form;
    this.#start = start;
  }

  /** @param rows of one look of one query */
  lines(rows: readonly Row[]): Line[] {
    const { time, query } = rows[0]!;
    const counter = this.#count(query, time);
    if (this.#form === 'event') return rows.map((row) => this.#line([row], counter, eventOf(row)));
    if (this.#form === 'batch') return [this.#line(rows, counter, { diffResults: diffOf(rows) })];
    const snapshot = rows.map(({ columns }) => columns);
    return [this.#line(rows, 0, { snapshot, action: 'snapshot' })];
  }

  #count(query: string, time: number): number {
    const interval = this.#view.intervalOf(query);
    if (this.#view.counts === 'runs') return Math.floor((time - this.#start) / interval);
    // A query's first full result is the 0th.
    const isFirst = time < this.#start + interval;
    const counter = isFirst ? 0 : (this.#counters.get(query) ?? 0) + 1;
    this.#counters.set(query, counter);
    return counter;
  }

  #line(rows: readonly Row[], counter: number, body: Record<string, unknown>): Line {
    const { time, query } = rows[0]!;
    const host = this.#host;
    const head = { name: this.#view.prefixOf(query) + query, hostIdentifier: host, calendarTime: calendarTime(time) };
    const text = JSON.stringify({ ...head, unixTime: time, epoch: 0, counter, numerics: false, ...body });
    const attacks = [...new Set(rows.flatMap(({ attack }) => attack ?? []))];
    return { text, time, host, attacks };
  }
}

const eventOf = ({ columns, change }: Row): Record<string, unknown> => ({ columns, action: change });

const diffOf = (rows: readonly Row[]): Record<string, unknown> => {
  const of = (wanted: Row['change']) => rows.filter(({ change }) => change === wanted).map(({ columns }) => columns);
  return { removed: of('removed'), added: of('added') };
};
