import { SvelteMap, SvelteSet } from 'svelte/reactivity';

import type { AlertRow as Row } from '../../src-main/contract/alerts.ts';
import type { AlertFilter } from './address.ts';
import { engine } from './bridge.ts';
import { Loaded } from './loaded.svelte.ts';

const PAGE = 100;

/** Where the reader was, so that they come back to it: by filter. */
const places = new SvelteMap<string, { readonly chosen: number | undefined; readonly scrolled: number }>();

/** What the inbox shows: alerts without an answer, those that have one, and where the reader is among them. */
export class Inbox {
  readonly unanswered = new Loaded<readonly Row[]>();
  readonly answered = new Loaded<readonly Row[]>();
  /** Those that are answered together. */
  readonly together = new SvelteSet<number>();
  /** The one that keys are about. */
  chosen = $state<number>();
  isMore = $state(false);
  #filter: AlertFilter = {};

  get rows(): readonly Row[] {
    return [...(this.unanswered.value ?? []), ...(this.answered.value ?? [])];
  }

  get current(): Row | undefined {
    return this.rows.find(({ id }) => id === this.chosen);
  }

  /** What was looked at stays while it is asked for again: rows must not jump under the reader's hand. */
  async look(filter: AlertFilter): Promise<void> {
    if (JSON.stringify(filter) !== JSON.stringify(this.#filter)) this.together.clear();
    this.#filter = filter;
    const shown = Math.max(PAGE, this.answered.value?.length ?? 0);
    await Promise.all([
      this.unanswered.load(engine.alerts({ ...filter, answered: false, limit: 500 })),
      this.answered.load(this.#page(Math.min(500, shown))),
    ]);
    const waiting = this.unanswered.value?.map(({ id }) => id) ?? [];
    for (const id of [...this.together]) if (!waiting.includes(id)) this.together.delete(id);
  }

  async more(): Promise<void> {
    const known = this.answered.value ?? [];
    const next = await this.#page(PAGE, known.at(-1)?.id);
    this.answered.value = [...known, ...next];
  }

  step(by: number): void {
    const { rows } = this;
    const at = rows.findIndex(({ id }) => id === this.chosen);
    this.chosen = rows[at < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, at + by))]?.id;
  }

  choose(id: number, isChosen: boolean): void {
    if (isChosen) this.together.add(id);
    else this.together.delete(id);
  }

  chooseAll(isChosen: boolean): void {
    for (const { id } of this.unanswered.value ?? []) this.choose(id, isChosen);
  }

  keepPlace(scrolled: number): void {
    places.set(JSON.stringify(this.#filter), { chosen: this.chosen, scrolled });
  }

  /** @returns how far it was scrolled when the reader went away */
  findPlace(filter: AlertFilter): number {
    const place = places.get(JSON.stringify(filter));
    this.chosen = place?.chosen;
    return place?.scrolled ?? 0;
  }

  async #page(limit: number, before?: number): Promise<readonly Row[]> {
    const found = await engine.alerts({
      ...this.#filter,
      answered: true,
      ...(before !== undefined && { before }),
      limit,
    });
    this.isMore = found.length === limit;
    return found;
  }
}
