import type { EngineStatus } from '../contract/alerts.ts';
import type { AboutLeaving } from '../contract/leaving.ts';
import type { DesktopState } from '../contract/desktop.ts';
import { isMachine } from '../contract/subjects.ts';
import { refusedAlone } from '../contract/refused.ts';
import { clockText, isPaused } from '../host/pause.ts';
import { sentence } from './plain.ts';
import { saidIn } from '../contract/story/messages.ts';
import type { DesktopWords } from './words/en.ts';
import { wordsIn } from './words/words.ts';

/** What goes on now, each a shape of its own: colour alone is not seen by everybody, nor on every panel. */
const shapes = ['watching', 'learning', 'alert', 'paused', 'problem'] as const;
type TrayShape = (typeof shapes)[number];
/** With a dot beside the shape, alerts wait to be looked at, whatever goes on now. */
export type TrayIcon = TrayShape | `${TrayShape}-waiting`;
export const trayIcons: readonly TrayIcon[] = shapes.flatMap((shape) => [shape, `${shape}-waiting`] as const);

/** All that the tray is made from. */
export interface TrayInput {
  /** null before the engine has answered. */
  readonly status: EngineStatus | null;
  readonly desktop: DesktopState;
  /** Something of the setup fails: the menu offers the check. */
  readonly needsSetup: boolean;
  /** What leaves this machine for a fleet; undefined: nothing does. */
  readonly leaving: Pick<AboutLeaving, 'mirror' | 'tenant'> | undefined;
}

/** What is wrong, as a sentence; undefined when all is well. */
function problemOf(
  { desktop, status }: Pick<TrayInput, 'desktop' | 'status'>,
  words: DesktopWords,
): string | undefined {
  const { worker, source, problem } = desktop;
  if (worker.state === 'down') return words.engineStopped(saidIn(worker.cause, words.language));
  if (problem !== null) return saidIn(problem, words.language);
  if (source?.state === 'missing') return words.logMissing(source.path);
  if (source?.state === 'unreadable') return words.logUnreadable(source.path);
  return status && refusedAlone(status) > 0 ? words.allRefused : undefined;
}

export function trayIconOf(input: TrayInput, now: number): TrayIcon {
  const shape = shapeOf(input, now);
  return (input.status?.newAlerts ?? 0) > 0 ? `${shape}-waiting` : shape;
}

/** The worst thing decides: what is broken over what is found, that over what is being done. */
function shapeOf({ status, desktop }: TrayInput, now: number): TrayShape {
  if (problemOf({ status, desktop }, wordsIn.en) !== undefined) return 'problem';
  if (isPaused(desktop.pausedUntil, now)) return 'paused';
  if (status && status.openAlerts > 0) return 'alert';
  if (!status || status.users.length === 0 || status.users.some(({ model }) => model.state !== 'ready')) {
    return 'learning';
  }
  return 'watching';
}

/** "Watching 2 users · last event 8 s ago", or what is wrong. People and machines apart. */
export function statusLine({ status, desktop }: TrayInput, now: number, words: DesktopWords = wordsIn.en): string {
  const problem = problemOf({ status, desktop }, words);
  if (problem !== undefined) return sentence(problem);
  if (!status) return words.starting;
  const { users } = status;
  if (users.length === 0) return words.waiting;
  const last = Math.max(...users.map(({ lastSeen }) => lastSeen));
  const machines = users.filter(({ name }) => isMachine(name)).length;
  return words.watching(users.length - machines, machines, agoText(now / 1000 - last, words));
}

export function tooltipOf(input: TrayInput, now: number, words: DesktopWords = wordsIn.en): string {
  const { pausedUntil } = input.desktop;
  const paused = isPaused(pausedUntil, now) ? ` · ${words.pausedUntil(clockText(pausedUntil!))}` : '';
  const alerts = alertsLine(input.status, words);
  return `ubad: ${statusLine(input, now, words)}${alerts === undefined ? '' : ` · ${alerts}`}${paused}`;
}

/** "3 alerts to answer, 1 going on": which of those that wait go on is in the menu. Undefined: neither. */
export function alertsLine(status: EngineStatus | null, words: DesktopWords = wordsIn.en): string | undefined {
  const { waitingAlerts = 0, openAlerts = 0 } = status ?? {};
  if (waitingAlerts === 0) return openAlerts === 0 ? undefined : words.goingOn(openAlerts);
  return `${words.toAnswer(waitingAlerts)}${openAlerts === 0 ? '' : words.ofThemGoingOn(openAlerts)}`;
}

/** "8 s ago", "3 h ago". @param seconds negative where clocks differ */
function agoText(seconds: number, words: DesktopWords): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return words.secondsAgo(whole);
  if (whole < 3600) return words.minutesAgo(Math.floor(whole / 60));
  if (whole < 2 * 86_400) return words.hoursAgo(Math.floor(whole / 3600));
  return words.daysAgo(Math.floor(whole / 86_400));
}
