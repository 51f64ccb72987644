import type { Band, AlertEvent } from '../contract/alerts.ts';
import { briefText, type StoryLanguage } from '../contract/story/tell.ts';
import { whenText } from '../host/pause.ts';
import { digestText, worstOf } from './digest.ts';
import { plain } from './plain.ts';
import type { DesktopWords } from './words/en.ts';
import { wordsIn } from './words/words.ts';

/** One notification: shown again under the same key it takes the place of the one before. */
export interface NotificationContent {
  readonly key: string;
  readonly title: string;
  readonly body: string;
  readonly urgency: 'low' | 'normal' | 'critical';
  /** Where a click leads. */
  readonly address: string;
  /** The alert that its buttons are about; undefined: it has none. */
  readonly alert?: { readonly id: number; readonly user: string; readonly here: boolean };
}

export type Order =
  { readonly do: 'show'; readonly content: NotificationContent } | { readonly do: 'close'; readonly key: string };

/** An alert that was not told of, and how bad it is. */
export interface HeldAlert {
  readonly id: number;
  readonly user: string;
  readonly count: number;
  readonly band: Band;
}

/** An alert that was told of, and how bad it was then. */
export interface ToldAlert {
  readonly id: number;
  readonly count: number;
  readonly band: Band;
  readonly key: string;
}

/** This many notifications of their own within `BURST_MS`; what comes after them is one digest. */
const BURST = 3;
const BURST_MS = 60_000;
const DIGEST = 'digest';
const HELD = 'held';
/** Of more alerts it is not remembered that they were told of. */
const MOST_TOLD = 500;

/** Critical ignores "do not disturb" and never goes away by itself on Xfce: the top band only. */
const urgencies: Readonly<Record<Band, NotificationContent['urgency']>> = {
  low: 'low',
  medium: 'normal',
  high: 'normal',
  critical: 'critical',
};

/** Decides what is notified: one notification a cause, a burst as one, nothing while it is quiet, nothing lost. */
export class NotificationPolicy {
  /** What was told of each incident that is open. */
  readonly #told = new Map<number, Omit<ToldAlert, 'id'>>();
  readonly #held = new Map<number, HeldAlert>();
  /** Incidents of the burst that goes on, oldest first. */
  #burst: { readonly id: number; readonly user: string; readonly band: Band; readonly at: number }[] = [];

  readonly #language: StoryLanguage;

  /** @param held what was held back before a restart; @param told what was told by then; @param language of what is shown */
  constructor(held: readonly HeldAlert[] = [], told: readonly ToldAlert[] = [], language: StoryLanguage = 'en') {
    this.#language = language;
    for (const { id, ...rest } of told) this.#told.set(id, rest);
    for (const alert of held) this.#held.set(alert.id, alert);
  }

  get held(): readonly HeldAlert[] {
    return [...this.#held.values()];
  }

  get told(): readonly ToldAlert[] {
    return [...this.#told].slice(-MOST_TOLD).map(([id, rest]) => ({ id, ...rest }));
  }

  /** @param now Unix milliseconds; @param muted by pause, snooze or quiet hours */
  alertEvent(alertEvent: AlertEvent, now: number, muted: boolean): Order[] {
    const { id, user, change, band, count } = alertEvent;
    if (change === 'closed') {
      this.#told.delete(id);
      return [];
    }
    const told = this.#told.get(id);
    if (!told) {
      if (!muted) return this.#first(alertEvent, now);
      if (this.#held.get(id)?.band === band) return [];
      this.#held.set(id, { id, user, count, band });
      return [];
    }
    // More of the same is told when it is worse or twice as much: not each time.
    if (muted || (told.band === band && count < 2 * told.count)) return [];
    // A digest stands for it until it comes to the top.
    const isDigested = told.key === DIGEST && !(band === 'critical' && told.band !== band);
    this.#told.set(id, { count, band, key: isDigested ? DIGEST : keyOf(id) });
    return isDigested ? [] : [{ do: 'show', content: contentOf(alertEvent, now, this.#language) }];
  }

  /** It is no longer quiet: what was held back is told at once. @param muted whose alerts still are */
  unmuted(muted: (user: string) => boolean): Order[] {
    const due = [...this.#held.values()].filter(({ user }) => !muted(user));
    for (const { id, count, band } of due) {
      this.#held.delete(id);
      this.#told.set(id, { count, band, key: HELD });
    }
    if (due.length === 0) return [];
    const words = wordsIn[this.#language];
    const title = words.whileQuiet(due.length);
    const address = due.length === 1 ? `#/alerts/${due[0]!.id}` : '#/alerts';
    const urgency = urgencies[worstOf(due)];
    return [{ do: 'show', content: { key: HELD, title, body: digestText(due, words), urgency, address } }];
  }

  /** A user was deleted: there is nothing to be told any more. */
  forgetUser(user: string): Order[] {
    const gone = [...this.#held.values(), ...this.#burst].filter((alert) => alert.user === user);
    this.#burst = this.#burst.filter((alert) => alert.user !== user);
    for (const { id } of gone) {
      this.#held.delete(id);
      this.#told.delete(id);
    }
    return gone.map(({ id }): Order => ({ do: 'close', key: keyOf(id) }));
  }

  /** A person has dealt with an alert. */
  seen(id: number): Order[] {
    const held = this.#held.get(id);
    this.#held.delete(id);
    // He knows it as it was then: it is told when it becomes worse.
    if (held) this.#told.set(id, { count: held.count, band: held.band, key: keyOf(id) });
    return [{ do: 'close', key: keyOf(id) }];
  }

  #first(alertEvent: AlertEvent, now: number): Order[] {
    const { id, user, band, count } = alertEvent;
    this.#held.delete(id);
    this.#burst = [...this.#burst.filter(({ at }) => now - at < BURST_MS && now >= at), { id, user, band, at: now }];
    const key = this.#burst.length > BURST ? DIGEST : keyOf(id);
    this.#told.set(id, { count, band, key });
    if (key !== DIGEST) return [{ do: 'show', content: contentOf(alertEvent, now, this.#language) }];
    const closed = this.#burst.slice(0, -1).map(({ id: before }): Order => ({ do: 'close', key: keyOf(before) }));
    const alerts = this.#burst.map((one) => ({ user: one.user, band: this.#told.get(one.id)?.band ?? one.band }));
    const words = wordsIn[this.#language];
    const title = words.burst(alerts.length);
    const urgency = urgencies[worstOf(alerts)];
    return [
      ...closed,
      { do: 'show', content: { key: DIGEST, title, body: digestText(alerts, words), urgency, address: '#/alerts' } },
    ];
  }
}

const twoDigits = (hour: number): string => String(hour).padStart(2, '0');

const keyOf = (id: number): string => `alert-${id}`;

function strangerText(rank: AlertEvent['rank'], words: DesktopWords): string {
  if (rank === null) return words.strange;
  if (rank.of === 'never-before') return words.rare;
  return words.stranger(Math.min(99.9, Math.floor(rank.share * 1000) / 10), rank.of);
}

/** Without command lines, nor anything else of the log but the user's name. */
function contentOf(
  { id, user, act, here, band, severity, count, lastTime, rank, usual }: AlertEvent,
  now: number,
  language: StoryLanguage,
): NotificationContent {
  const words = wordsIn[language];
  const strength = severity === null ? words.band[band] : `${words.band[band]} (${severity})`;
  const hours = usual ? words.usually(twoDigits(usual.from), twoDigits(usual.to)) : '';
  const grown = count > 1 ? words.grown(count) : '';
  const when = whenText(lastTime * 1000, now, words.onDay);
  return {
    key: keyOf(id),
    title: `${plain(user)}: ${briefText(act, language)} — ${strength}`,
    body: `${words.at(strangerText(rank, words), when)}${hours}.${grown}`,
    urgency: urgencies[band],
    address: `#/alerts/${id}`,
    alert: { id, user, here },
  };
}
