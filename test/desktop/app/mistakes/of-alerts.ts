import type { Change } from '../build.ts';
import { checkOf, inDesktop, inHost, type AppMistake } from './mistake.ts';

const button = checkOf('a line of the log notifies');
const second = checkOf('a second alert leads to itself');
const grows = checkOf('an incident that grows');
const normal = checkOf('Normal for alice');
const snooze = checkOf('Snooze holds alice back');
const quiet = checkOf('quiet hours hold back');
const pauseEnds = checkOf('a pause ends by itself');
const restart = checkOf('what was told is not told again');
const missed = checkOf('what was over while nothing');
const pause = checkOf('Pause holds notifications back');
const alert = checkOf('an alert changes the icon');
const waits = checkOf('an alert that is over waits');
const lookedAt = checkOf('an alert that was looked at');
const hidden = checkOf('started hidden');
const light = checkOf('a tray icon of the light variant');
const noTray = checkOf('without a tray');
const unreadable = checkOf('a log that cannot be read');

const lock = checkOf('Lock the screen of the tray');
const steps = checkOf('what to do about an alert');

const policy = 'notification-policy';

const inWorker = (file: string, from: string, to: string): Change => ({
  entry: 'worker',
  file: `src-main/${file}.ts`,
  from,
  to,
});

/** Mistakes by which an alert does not reach a person, or not as it should. */
export const mistakesOfAlerts: readonly AppMistake[] = [
  {
    name: 'a notification names the command',
    entry: 'worker',
    file: 'src-main/worker/incidents.ts',
    from: '{ ...row, change, act,',
    to: '{ ...row, user: `${row.user}: ${String(why?.actions[0]?.columns.path)}`, change, act,',
    check: button,
    says: /the notification names a command/,
  },
  {
    name: 'a button does what the next one should',
    ...inDesktop('notifications', 'buttons[actionIndex]', 'buttons[actionIndex + 1]'),
    check: normal,
    says: /the icon "watching"/,
  },
  {
    name: 'a notification is referenced by nobody',
    ...inDesktop('notifications', 'this.#shown.set(content.key, notification);', ''),
    check: button,
    says: /1 visible window/,
  },
  {
    name: 'the buttons are left out',
    ...inDesktop('notifications', 'alert && this.server ?', 'alert && this.server === null ?'),
    check: button,
    says: /View/,
  },
  {
    name: 'two buttons open the alert',
    ...inDesktop('notifications', 'showsView(server) ?', 'server.name === "x" ?'),
    check: button,
    says: /'Show'/,
  },
  {
    name: 'a digest is no more urgent than any other',
    ...inDesktop(policy, 'const urgency = urgencies[worstOf(due)];', "const urgency = 'normal';"),
    check: quiet,
    says: /the digest is not as urgent as its worst/,
  },
  {
    name: 'a digest tells how bad the first is, not the worst',
    ...inDesktop('digest', 'bands.findLast(', 'bands.find('),
    check: quiet,
    says: /the worst is critical/,
  },
  {
    name: 'each alert is urgent beyond “do not disturb”',
    ...inDesktop(policy, "medium: 'normal'", "medium: 'critical'"),
    check: button,
    says: /not as urgent as its band/,
  },
  {
    name: 'the worst is no more urgent than the rest',
    ...inDesktop(policy, "critical: 'critical'", "critical: 'normal'"),
    check: second,
    says: /not as urgent as its band/,
  },
  {
    name: 'the window opens at another incident',
    ...inDesktop(policy, 'address: `#/alerts/${id}`,\n    alert', 'address: `#/alerts/${Math.min(id, 1)}`,\n    alert'),
    check: second,
    says: /the window at #\/alerts\/2: it is at #\/alerts\/1/,
  },
  {
    name: 'a window that is open is not told where to go',
    ...inDesktop('window', "this.send('navigate', address);\n      else", 'this.#window.focus();\n      else'),
    check: second,
    says: /the window at #\/alerts\/2/,
  },
  {
    name: 'each step of an incident has a notification of its own on the screen',
    ...inDesktop('notifications', 'this.#close(content.key);\n    const', 'const'),
    check: grows,
    says: /1 notification\(s\) on the screen: there are/,
  },
  {
    name: 'each step of an incident is told',
    ...inDesktop(policy, 'muted || (told.band === band && count < 2 * told.count)', 'muted'),
    check: grows,
    says: /told \d+ times/,
  },
  {
    name: 'Normal is not said to the engine',
    ...inDesktop('alert-notifier', "await engine.mark({ alert, verdict: 'normal', kinds: [], days: null });", ''),
    check: normal,
    says: /the icon "watching"/,
  },
  {
    name: 'Snooze holds everybody back',
    ...inHost('do-not-disturb', 'snoozed[user] ?? null', 'Object.values(snoozed)[0] ?? null'),
    check: snooze,
    says: /a notification .*bob/,
  },
  {
    name: 'Snooze holds nobody back',
    ...inHost('do-not-disturb', ' || isPaused(snoozed[user] ?? null, time)', ''),
    check: snooze,
    says: /alice was told/,
  },
  {
    name: 'quiet hours are not heeded',
    ...inHost('do-not-disturb', ' || isInQuietHours(quietHours(), time)', ''),
    check: quiet,
    says: /notified in quiet hours/,
  },
  {
    name: 'an alert in quiet hours is swallowed',
    ...inDesktop(policy, 'this.#held.set(id, { id, user, count, band });', ''),
    check: quiet,
    says: /the window cannot list what is held back/,
  },
  {
    name: 'what was held back is never told',
    ...inDesktop(policy, 'if (due.length === 0) return [];', 'if (due.length >= 0) return [];'),
    check: quiet,
    says: /a notification .*While it was quiet/,
  },
  {
    name: 'a pause is not heeded',
    ...inHost('do-not-disturb', 'return isPaused(pausedUntil, time) || ', 'return '),
    check: pause,
    says: /notified in a pause/,
  },
  {
    name: 'a pause never ends',
    ...inHost('pause', 'until !== null && now < until && until - now', 'until !== null && until - now'),
    check: pauseEnds,
    says: /a notification .*While it was quiet/,
  },
  {
    name: 'what was told is forgotten with a restart',
    ...inDesktop('alert-notifier', 'told: [...told] }', 'told: [] }'),
    check: restart,
    says: /1 about alice|told again/,
  },
  {
    name: 'what was over while nothing could be told stays untold',
    ...inDesktop('alert-notifier', 'for (const one of alertEvents) this.alertEvent(one);', ''),
    check: missed,
    says: /a notification .*alice/,
  },
  {
    name: 'the icon does not change',
    ...inDesktop('tray', 'if (icon !== this.#drawn) this.#tray.setImage(icon);', ''),
    check: alert,
    says: /the icon "alert-waiting" in the panel/,
  },
  {
    name: 'menu and tool tip are set once only',
    ...inDesktop('tray', 'if (shown === this.#shown) return;', "if (this.#shown !== '') return;"),
    check: alert,
    says: /the tray to say/,
  },
  {
    name: 'the menu’s alert leads to another one',
    ...inDesktop('menu', '`#/alerts/${alert.id}`', '`#/alerts/${alert.id + 1}`'),
    check: alert,
    says: /the window at #\/alerts\/1: it is at #\/alerts\/2/,
  },
  {
    name: 'the icon forgets what is over',
    ...inDesktop('tray-state', '(input.status?.newAlerts ?? 0) > 0', '(input.status?.openAlerts ?? 0) > 0'),
    check: waits,
    says: /the icon "watching-waiting" in the panel/,
  },
  {
    name: 'tool tip and menu forget what is over',
    ...inDesktop('tray-state', 'if (waitingAlerts === 0) return', 'if (openAlerts === 0) return'),
    check: waits,
    says: /the tray to say/,
  },
  {
    name: 'the menu names only alerts that go on',
    ...inWorker('worker/views/status', '{ current: true, limit: NAMED }', "{ state: 'open', limit: NAMED }"),
    check: waits,
    says: /the alert that waits is not in the menu/,
  },
  {
    name: 'that somebody looked is not kept',
    ...inWorker(
      'engine/store/incidents',
      "'UPDATE incidents SET seen = 1 WHERE",
      "'UPDATE incidents SET seen = seen WHERE",
    ),
    check: waits,
    says: /the icon "watching" in the panel/,
  },
  {
    name: 'the notification of an alert that is looked at stays',
    ...inDesktop('alert-notifier', "if (name === 'acknowledge') this.seen(input as number);\n    else if", 'if'),
    check: waits,
    says: /0 notification\(s\) on the screen/,
  },
  {
    name: 'what was looked at no longer shows that it goes on',
    ...inDesktop('tray-state', 'status.openAlerts > 0) return', 'status.newAlerts > 0) return'),
    check: lookedAt,
    says: /the icon "alert" in the panel/,
  },
  {
    name: 'an alert that becomes worse after it was looked at does not wait again',
    ...inWorker('engine/store/incidents', 'THEN seen ELSE 0 END', 'THEN seen ELSE seen END'),
    check: lookedAt,
    says: /the icon "alert-waiting" in the panel/,
  },
  {
    name: 'the icon is dark on a dark panel',
    ...inDesktop('icon-file', '${icon}-${variant}-${size}', '${icon}-dark-${size}'),
    check: light,
    says: /the icon "watching" in the panel/,
  },
  {
    name: '--hidden is not heeded',
    entry: 'main',
    file: 'src-main/main.ts',
    from: 'obey(process.argv);',
    to: 'obey([]);',
    check: hidden,
    says: /a window has opened/,
  },
  {
    name: 'nobody sees it where there is no tray',
    ...inDesktop('desktop', "        this.show('#/setup');\n", ''),
    check: noTray,
    says: /1 visible window/,
  },
  {
    name: 'a log that cannot be read looks like a quiet one',
    ...inDesktop('tray-state', "if (source?.state === 'unreadable')", "if (source?.state === 'missing')"),
    check: unreadable,
    says: /the tray to say .*cannot be read/,
  },
  {
    name: 'the menu’s Lock the screen locks nothing',
    ...inDesktop(
      'desktop',
      "else if (command.do === 'lock') void this.lock();",
      "else if (command.do === 'lock') return;",
    ),
    check: lock,
    says: /that the session is asked/,
  },
  {
    name: 'a screen that nobody locked is taken for locked',
    ...inHost(
      'lock-screen',
      "if (isAsked && (await isLocked(session, run))) return 'locked';",
      "if (isAsked) return 'locked';",
    ),
    check: lock,
    says: /that the session is asked|that the desktop locks by itself/,
  },
  {
    name: 'a step stops whatever has the number of the process by now',
    ...inWorker('engine/answer/process-steps', '] && kill {0}`', ']; kill {0}`'),
    check: steps,
    says: /it stops a process that began otherwise/,
  },
  {
    name: 'a step takes away the keys that are the user’s own too',
    ...inWorker('engine/answer/removals', '!= " " ENVIRON["C"]', '== ENVIRON["C"]'),
    check: steps,
    says: /alice@desk/,
  },
];
