import type { TimelineRow } from '../../src-main/contract/alerts.ts';
import { engine } from './bridge.ts';
import type { Mark, Wanted } from './listed.ts';
import { Loaded } from './loaded.svelte.ts';
import { where } from './place.svelte.ts';
import type { Stretch } from './scale.ts';

const SHOWN = 100;

/** The actions that are listed below a timeline: of the stretch that is shown, or of a mark that was picked in it. */
export class ActionList {
  readonly rows = new Loaded<readonly TimelineRow[]>();
  wanted = $state.raw<Wanted>({ kind: '', order: 'newest' });
  /** What the list is narrowed to until the chart is moved. */
  picked = $state.raw<Mark>();
  #user: string | undefined;
  #stretch: Stretch | undefined;

  async look(user: string, stretch: Stretch): Promise<void> {
    [this.#user, this.#stretch] = [user, stretch];
    const { picked } = this;
    const part = picked ? { from: picked.first, to: picked.last + 1 } : stretch;
    await this.rows.load(this.#ask(user, part, picked?.kind ?? this.wanted.kind));
  }

  async change(wanted: Wanted): Promise<void> {
    this.wanted = wanted;
    await this.showAll();
  }

  async showAll(): Promise<void> {
    this.picked = undefined;
    if (this.#user !== undefined && this.#stretch) await this.look(this.#user, this.#stretch);
  }

  /** A mark that stands for one action goes there; one that stands for more shows them. */
  async pick(mark: Mark): Promise<void> {
    if (this.#user === undefined || !this.#stretch) return;
    this.picked = mark;
    await this.look(this.#user, this.#stretch);
    const [one, ...more] = this.rows.value ?? [];
    if (one && more.length === 0) where.go({ screen: 'action', id: one.id });
  }

  #ask(user: string, { from, to }: Stretch, kind: string): Promise<readonly TimelineRow[]> {
    return engine.timeline({
      user,
      from,
      limit: SHOWN,
      order: this.wanted.order,
      before: { time: to, id: Number.MAX_SAFE_INTEGER },
      ...(kind !== '' && { kinds: [kind] }),
    });
  }
}
