import type { AlertRow, EngineStatus } from '../contract/alerts.ts';
import { clockText, isPaused, pauseEnd, whenText, type PauseChoice } from '../host/pause.ts';
import { plain } from './plain.ts';
import { alertsLine, statusLine, type TrayInput } from './tray-state.ts';

/** What choosing an entry does. */
export type Command =
  | { readonly do: 'show'; readonly address: string }
  | { readonly do: 'pause'; readonly choice: PauseChoice }
  | { readonly do: 'resume' }
  | { readonly do: 'lock' }
  | { readonly do: 'quit' };

export type MenuEntry =
  | { readonly kind: 'separator' }
  /** Only told. */
  | { readonly kind: 'text'; readonly label: string }
  | { readonly kind: 'command'; readonly label: string; readonly command: Command }
  | { readonly kind: 'submenu'; readonly label: string; readonly entries: readonly MenuEntry[] };

const pauses: readonly { readonly choice: PauseChoice; readonly label: string }[] = [
  { choice: '15-minutes', label: '15 min' },
  { choice: '1-hour', label: '1 h' },
  { choice: 'tomorrow', label: 'Until tomorrow' },
];

/** The tray's menu. Everything that a click on the icon does is in it too: on some panels a click opens the menu. */
export function menuOf(input: TrayInput, now: number): MenuEntry[] {
  const { status, desktop, needsSetup } = input;
  const alerts = status?.lastAlerts ?? [];
  return [
    { kind: 'text', label: statusLine(input, now) },
    show(alertsLine(status) ?? 'No alerts to answer', '#/alerts'),
    ...alerts.slice(0, 3).map((alert) => show(alertLabel(alert, now), `#/alerts/${alert.id}`)),
    { kind: 'separator' },
    ...pauseEntries(desktop.pausedUntil, now),
    { kind: 'text', label: modelLine(status) },
    ...(needsSetup ? [show('Setup check ⚠', '#/setup')] : []),
    show('Settings', '#/settings'),
    { kind: 'command', label: 'Lock the screen', command: { do: 'lock' } },
    { kind: 'separator' },
    { kind: 'command', label: 'Quit', command: { do: 'quit' } },
  ];
}

const show = (label: string, address: string): MenuEntry => ({
  kind: 'command',
  label,
  command: { do: 'show', address },
});

function pauseEntries(until: number | null, now: number): MenuEntry[] {
  const entries = pauses.map(({ choice, label }): MenuEntry => {
    const end = clockText(pauseEnd(choice, now));
    return { kind: 'command', label: `${label} (ends ${end})`, command: { do: 'pause', choice } };
  });
  if (!isPaused(until, now)) return [{ kind: 'submenu', label: 'Pause', entries }];
  return [
    { kind: 'submenu', label: `Paused until ${clockText(until!)}`, entries },
    { kind: 'command', label: 'Resume now', command: { do: 'resume' } },
  ];
}

/** No command lines here: a menu is seen over one's shoulder. */
function alertLabel({ user, band, severity, lastTime, state }: AlertRow, now: number): string {
  const strength = severity === null ? band : `${band} (${severity})`;
  return `${plain(user)}: ${strength}, ${whenText(lastTime * 1000, now)}${state === 'open' ? ', going on' : ''}`;
}

/** "Model: learning 62 %": of the user who is least known. */
function modelLine(status: EngineStatus | null): string {
  const models = status?.users.map(({ model }) => model) ?? [];
  const percent = (state: 'learning' | 'training'): number[] =>
    models.flatMap((model) => (model.state === state ? [Math.floor(model.progress * 100)] : []));
  const [training, learning] = [percent('training'), percent('learning')];
  if (training.length > 0) return `Model: training ${Math.min(...training)} %`;
  if (learning.length > 0) return `Model: learning ${Math.min(...learning)} %`;
  return models.length > 0 ? 'Model: ready' : 'Model: nothing learned yet';
}
