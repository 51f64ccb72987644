import type { Band } from '../../contract/alerts.ts';
import type { AboutLeaving } from '../../contract/leaving.ts';
import type { StoryLanguage } from '../../contract/story/tell.ts';

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** What tray, menu and notifications say. A value may be the log's own: it comes made harmless. */
export const en = {
  language: 'en' as StoryLanguage,
  engineStopped: (cause: string): string => `The engine stopped (${cause}); it is started again`,
  logMissing: (path: string): string => `The log ${path} is missing`,
  logUnreadable: (path: string): string => `The log ${path} cannot be read`,
  allRefused: 'No line of the log can be used: all were refused',
  starting: 'Starting…',
  waiting: 'Waiting for the first event',
  watching: (people: number, machines: number, ago: string): string =>
    `Watching ${plural(people, 'user')}${machines === 0 ? '' : `, ${plural(machines, 'machine')}`} · last event ${ago}`,
  secondsAgo: (n: number): string => `${n} s ago`,
  minutesAgo: (n: number): string => `${n} min ago`,
  hoursAgo: (n: number): string => `${n} h ago`,
  daysAgo: (n: number): string => `${n} days ago`,
  pausedUntil: (clock: string): string => `paused until ${clock}`,
  goingOn: (n: number): string => `${plural(n, 'alert')} going on`,
  toAnswer: (n: number): string => `${plural(n, 'alert')} to answer`,
  ofThemGoingOn: (n: number): string => `, ${n} going on`,
  noAlerts: 'No alerts to answer',
  /** What leaves the computer: the whole log, masked, or its alerts alone. */
  leaves: {
    lines: (fleet: string): string => `Sends its log to the fleet ${fleet}`,
    alerts: (fleet: string): string => `Sends its alerts to the fleet ${fleet}`,
  } satisfies Record<AboutLeaving['mirror'], (fleet: string) => string>,
  setupCheck: 'Setup check ⚠',
  settings: 'Settings',
  lock: 'Lock the screen',
  quit: 'Quit',
  pause: 'Pause',
  resume: 'Resume now',
  pauseFor: { '15-minutes': '15 min', '1-hour': '1 h', tomorrow: 'Until tomorrow' },
  ends: (clock: string): string => ` (ends ${clock})`,
  menuPaused: (clock: string): string => `Paused until ${clock}`,
  onDay: (clock: string, date: Date): string =>
    `${clock} on ${date.getDate()} ${date.toLocaleString('en', { month: 'long' })}`,
  stillGoingOn: ', going on',
  training: (percent: number): string => `Model: training ${percent} %`,
  learning: (percent: number): string => `Model: learning ${percent} %`,
  ready: 'Model: ready',
  nothingLearned: 'Model: nothing learned yet',
  band: { low: 'low', medium: 'medium', high: 'high', critical: 'critical' } satisfies Record<Band, string>,
  whileQuiet: (n: number): string => `While it was quiet: ${plural(n, 'alert')}`,
  burst: (n: number): string => `${n} new alerts within a minute`,
  aboutOne: (user: string, worst: string): string => `It is about ${user}: ${worst}.`,
  allAbout: (user: string, worst: string): string => `All are about ${user}; the worst is ${worst}.`,
  /** @param counts by user, most first; @param others of users that are not named */
  about: (counts: readonly (readonly [user: string, count: number])[], others: number, worst: string): string => {
    const parts = counts.map(
      ([user, count], at) => `${count}${at > 0 ? '' : count === 1 ? ' is' : ' are'} about ${user}`,
    );
    return `${[...parts, ...(others > 0 ? [`${others} about others`] : [])].join(', ')}; the worst is ${worst}.`;
  },
  strange: 'Strange',
  rare: 'New of a kind that is rare here',
  stranger: (percent: number, of: 'last-30-days' | 'training'): string =>
    `Stranger than ${percent} % of ${of === 'last-30-days' ? 'the last 30 days' : 'what is normal'}`,
  at: (how: string, when: string): string => `${how}, at ${when}`,
  usually: (from: string, to: string): string => `; usually ${from}–${to}`,
  grown: (n: number): string => ` ${n} unusual moments so far.`,
  show: 'Show',
  normalFor: (user: string): string => `Normal for ${user}`,
  snooze: 'Snooze 1 h',
};

export type DesktopWords = typeof en;
