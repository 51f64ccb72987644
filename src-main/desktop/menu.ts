import type { AlertRow, EngineStatus } from '../contract/alerts.ts';
import { clockText, isPaused, pauseEnd, whenText, type PauseChoice } from '../host/pause.ts';
import { plain } from './plain.ts';
import { alertsLine, statusLine, type TrayInput } from './tray-state.ts';
import type { DesktopWords } from './words/en.ts';
import { wordsIn } from './words/words.ts';

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

const pauses: readonly PauseChoice[] = ['15-minutes', '1-hour', 'tomorrow'];

/** The tray's menu. Everything that a click on the icon does is in it too: on some panels a click opens the menu. */
export function menuOf(input: TrayInput, now: number, words: DesktopWords = wordsIn.en): MenuEntry[] {
  const { status, desktop, needsSetup, leaving } = input;
  const alerts = status?.lastAlerts ?? [];
  return [
    { kind: 'text', label: statusLine(input, now, words) },
    show(alertsLine(status, words) ?? words.noAlerts, '#/alerts'),
    ...alerts.slice(0, 3).map((alert) => show(alertLabel(alert, now, words), `#/alerts/${alert.id}`)),
    { kind: 'separator' },
    ...pauseEntries(desktop.pausedUntil, now, words),
    { kind: 'text', label: modelLine(status, words) },
    ...(leaving ? [show(words.leaves[leaving.mirror](plain(leaving.tenant)), '#/settings')] : []),
    ...(needsSetup ? [show(words.setupCheck, '#/setup')] : []),
    show(words.settings, '#/settings'),
    { kind: 'command', label: words.lock, command: { do: 'lock' } },
    { kind: 'separator' },
    { kind: 'command', label: words.quit, command: { do: 'quit' } },
  ];
}

const show = (label: string, address: string): MenuEntry => ({
  kind: 'command',
  label,
  command: { do: 'show', address },
});

function pauseEntries(until: number | null, now: number, words: DesktopWords): MenuEntry[] {
  const entries = pauses.map((choice): MenuEntry => {
    const label = `${words.pauseFor[choice]}${words.ends(clockText(pauseEnd(choice, now)))}`;
    return { kind: 'command', label, command: { do: 'pause', choice } };
  });
  if (!isPaused(until, now)) return [{ kind: 'submenu', label: words.pause, entries }];
  return [
    { kind: 'submenu', label: words.menuPaused(clockText(until!)), entries },
    { kind: 'command', label: words.resume, command: { do: 'resume' } },
  ];
}

/** No command lines here: a menu is seen over one's shoulder. */
function alertLabel({ user, band, severity, lastTime, state }: AlertRow, now: number, words: DesktopWords): string {
  const strength = severity === null ? words.band[band] : `${words.band[band]} (${severity})`;
  const when = whenText(lastTime * 1000, now, words.onDay);
  return `${plain(user)}: ${strength}, ${when}${state === 'open' ? words.stillGoingOn : ''}`;
}

/** "Model: learning 62 %": of the user who is least known. */
function modelLine(status: EngineStatus | null, words: DesktopWords): string {
  const models = status?.users.map(({ model }) => model) ?? [];
  const percent = (state: 'learning' | 'training'): number[] =>
    models.flatMap((model) => (model.state === state ? [Math.floor(model.progress * 100)] : []));
  const [training, learning] = [percent('training'), percent('learning')];
  if (training.length > 0) return words.training(Math.min(...training));
  if (learning.length > 0) return words.learning(Math.min(...learning));
  return models.length > 0 ? words.ready : words.nothingLearned;
}
