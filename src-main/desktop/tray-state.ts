import type { EngineStatus } from '../contract/alerts.ts';
import type { DesktopState } from '../contract/desktop.ts';
import { isMachine } from '../contract/subjects.ts';
import { refusedAlone } from '../contract/refused.ts';
import { clockText, isPaused } from '../host/pause.ts';
import { sentence } from './plain.ts';

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
}

/** What is wrong, as a sentence; undefined when all is well. */
function problemOf({ desktop, status }: Pick<TrayInput, 'desktop' | 'status'>): string | undefined {
  const { worker, source, problem } = desktop;
  if (worker.state === 'down') return `The engine stopped (${worker.cause}); it is started again`;
  if (problem !== null) return problem;
  if (source?.state === 'missing') return `The log ${source.path} is missing`;
  if (source?.state === 'unreadable') return `The log ${source.path} cannot be read`;
  if (status && refusedAlone(status) > 0) return 'No line of the log can be used: all were refused';
  return undefined;
}

export function trayIconOf(input: TrayInput, now: number): TrayIcon {
  const shape = shapeOf(input, now);
  return (input.status?.newAlerts ?? 0) > 0 ? `${shape}-waiting` : shape;
}

/** The worst thing decides: what is broken over what is found, that over what is being done. */
function shapeOf({ status, desktop }: TrayInput, now: number): TrayShape {
  if (problemOf({ status, desktop }) !== undefined) return 'problem';
  if (isPaused(desktop.pausedUntil, now)) return 'paused';
  if (status && status.openAlerts > 0) return 'alert';
  if (!status || status.users.length === 0 || status.users.some(({ model }) => model.state !== 'ready')) {
    return 'learning';
  }
  return 'watching';
}

/** "Watching 2 users · last event 8 s ago", or what is wrong. */
export function statusLine({ status, desktop }: TrayInput, now: number): string {
  const problem = problemOf({ status, desktop });
  if (problem !== undefined) return sentence(problem);
  if (!status) return 'Starting…';
  const { users } = status;
  if (users.length === 0) return 'Waiting for the first event';
  const last = Math.max(...users.map(({ lastSeen }) => lastSeen));
  return `Watching ${subjectsText(users)} · last event ${agoText(now / 1000 - last)}`;
}

/** People and machines, apart. */
function subjectsText(users: EngineStatus['users']): string {
  const machines = users.filter(({ name }) => isMachine(name)).length;
  const people = plural(users.length - machines, 'user');
  return machines === 0 ? people : `${people}, ${plural(machines, 'machine')}`;
}

export function tooltipOf(input: TrayInput, now: number): string {
  const { pausedUntil } = input.desktop;
  const paused = isPaused(pausedUntil, now) ? ` · paused until ${clockText(pausedUntil!)}` : '';
  const alerts = alertsLine(input.status);
  return `ubad: ${statusLine(input, now)}${alerts === undefined ? '' : ` · ${alerts}`}${paused}`;
}

/** "3 alerts to answer, 1 going on": which of those that wait go on is in the menu. Undefined: neither. */
export function alertsLine(status: EngineStatus | null): string | undefined {
  const { waitingAlerts = 0, openAlerts = 0 } = status ?? {};
  if (waitingAlerts === 0) return openAlerts === 0 ? undefined : `${plural(openAlerts, 'alert')} going on`;
  return `${plural(waitingAlerts, 'alert')} to answer${openAlerts === 0 ? '' : `, ${openAlerts} going on`}`;
}

export const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** "8 s ago", "3 h ago". @param seconds negative where clocks differ */
function agoText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole} s ago`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ago`;
  if (whole < 2 * 86_400) return `${Math.floor(whole / 3600)} h ago`;
  return `${Math.floor(whole / 86_400)} days ago`;
}
