import { readFileSync } from 'node:fs';

import * as v from 'valibot';

import { bands } from '../contract/alerts.ts';
import { writeWhole } from '../system/whole-file.ts';
import { report } from '../terminal/terminal.ts';

const place = v.object({
  x: v.number(),
  y: v.number(),
  width: v.number(),
  height: v.number(),
  maximized: v.optional(v.boolean(), false),
});
const remembered = v.object({
  window: v.fallback(v.nullable(place), null),
  pausedUntil: v.fallback(v.nullable(v.number()), null),
  pausedSince: v.fallback(v.nullable(v.number()), null),
  snoozed: v.fallback(v.record(v.string(), v.number()), {}),
  /** By user: when that began. */
  snoozedSince: v.fallback(v.record(v.string(), v.number()), {}),
  told: v.fallback(
    v.array(v.object({ id: v.number(), count: v.number(), band: v.picklist(bands), key: v.string() })),
    [],
  ),
  /** The newest incident that was heard of; null: none was yet. */
  newest: v.fallback(v.nullable(v.number()), null),
  held: v.fallback(
    v.array(
      v.object({
        id: v.number(),
        user: v.string(),
        // Files of before this was kept: told again when it is worse.
        count: v.optional(v.number(), 1),
        band: v.optional(v.picklist(bands), 'low'),
      }),
    ),
    [],
  ),
});
type Remembered = v.InferOutput<typeof remembered>;

/** What the desktop remembers by itself from start to start. Nothing that anybody would miss: it is never repaired. */
export class Memory {
  readonly #file: string;
  #now: Remembered;

  /** @param file absolute */
  constructor(file: string) {
    this.#file = file;
    this.#now = v.parse(remembered, objectIn(file));
  }

  get all(): Readonly<Remembered> {
    return this.#now;
  }

  /** Nothing of a deleted user stays: neither that alerts were put off, nor which. */
  forgetUser(user: string): void {
    const { [user]: _gone, ...snoozed } = this.#now.snoozed;
    const held = this.#now.held.filter((alert) => alert.user !== user);
    if (Object.keys(snoozed).length === Object.keys(this.#now.snoozed).length && held.length === this.#now.held.length)
      return;
    const { [user]: _began, ...snoozedSince } = this.#now.snoozedSince;
    this.remember({ snoozed, snoozedSince, held });
  }

  remember(changes: Partial<Remembered>): void {
    this.#now = { ...this.#now, ...changes };
    try {
      writeWhole(this.#file, JSON.stringify(this.#now));
    } catch (error) {
      report(`Not remembered: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

function objectIn(file: string): unknown {
  try {
    const found: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof found === 'object' && found !== null ? found : {};
  } catch {
    return {};
  }
}
