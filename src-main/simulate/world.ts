import { Draw } from './draw.ts';
import { people as templates, type Person } from './people.ts';

const DAY = 86_400;
/** Months and days on which nobody works. */
const holidays = new Set(['01-01', '05-01', '10-03', '12-25', '12-26']);
const names = [
  'frank',
  'grace',
  'heidi',
  'ivan',
  'judy',
  'karl',
  'lena',
  'mike',
  'nora',
  'otto',
  'petra',
  'quinn',
  'rosa',
];

export interface WorldOptions {
  readonly users: number;
  readonly days: number;
  /** Midnight (UTC) of the first day, Unix seconds. */
  readonly start: number;
  readonly seed: number;
  /** Who is there, instead of the first `users` of people.ts. */
  readonly people?: readonly Person[];
}

/** As many users as there are names for. */
export const MOST_USERS = templates.length + names.length;

/** What is the same for everybody: who is there, the calendar, software updates; and how habits drift. */
export class World {
  readonly people: readonly Person[];
  readonly options: WorldOptions;
  /** When all hosts got new software, Unix seconds. */
  readonly updates: readonly number[];

  constructor(options: WorldOptions) {
    this.options = options;
    this.people = options.people ?? Array.from({ length: options.users }, (_, u) => personOf(u, options.seed));
    // Every other Tuesday at six in the morning, the second week's first.
    const monday = options.start - weekday(options.start) * DAY;
    const weeks = Math.ceil(options.days / 7) + 1;
    this.updates = Array.from({ length: weeks }, (_, w) => monday + (7 * w + 1) * DAY + 6 * 3600).filter(
      (time, w) => w % 2 === 1 && time >= options.start,
    );
  }

  get hosts(): readonly string[] {
    return [...new Set(this.people.map(({ host }) => host))];
  }

  isHoliday(day: number): boolean {
    return holidays.has(new Date(day * 1000).toISOString().slice(5, 10));
  }

  /** Whether somebody works on the day; each has one day in fifty off. */
  works({ name, week }: Person, day: number): boolean {
    const draw = Draw.of(this.options.seed, name, day, 'works');
    const chance = this.isHoliday(day) ? 0.03 : week[weekday(day)]! * 0.98;
    return draw.chance(chance);
  }

  /** Updates move programs: the browser's folder is another one after each. */
  pathAt(path: string, time: number): string {
    const done = this.updates.filter((update) => update <= time).length;
    return done === 0 ? path : path.replace('/usr/lib/firefox-esr/', `/usr/lib/firefox-esr-${128 + done}/`);
  }

  /** Favourites move on, a little each week. */
  tasteOf({ taste, name }: Person, time: number): number {
    const weeks = Math.floor((time - this.options.start) / (7 * DAY));
    return taste + weeks * Draw.of(this.options.seed, name, 'taste').whole(1, 3);
  }

  /** How often each task is taken up: a random walk, a step a week. */
  weightsOf({ tasks, name }: Person, day: number): Record<string, number> {
    const weeks = Math.floor((day - this.options.start) / (7 * DAY));
    return Object.fromEntries(
      Object.entries(tasks).map(([task, { weight }]) => {
        const draw = Draw.of(this.options.seed, name, task, 'drift');
        let log = 0;
        for (let w = 0; w < weeks; w++) log += draw.normal(0, 0.15);
        return [task, weight * Math.exp(log)];
      }),
    );
  }
}

/** 0: Monday. */
const weekday = (time: number): number => (Math.floor(time / DAY) + 3) % 7;

/** The people of people.ts, then variations of them: other hours, pace, host and favourites. @param index below MOST_USERS */
export function personOf(index: number, seed: number): Person {
  const template = templates[index % templates.length]!;
  if (index < templates.length) return template;
  const name = names[index - templates.length]!;
  const draw = Draw.of(seed, name, 'person');
  const shift = draw.normal(0, 1);
  return {
    ...template,
    name,
    host: `desk-${2 + index}`,
    uid: 1000,
    arrives: template.arrives + shift,
    leaves: template.leaves + shift,
    pace: template.pace * draw.between(0.7, 1.4),
    taste: draw.whole(0, 399),
  };
}
