import type { Settings } from '../contract/settings.ts';

/** What each setting means, in the words of the README's table: a test holds them together. */
export const meanings: Readonly<Record<keyof Settings, string>> = {
  log: 'osquery’s results log',
  algorithm: '`lstm`, `ocsvm` or `both`; `null`: `both` in the window, `lstm` otherwise',
  facts: 'judge by itself what a user was never seen to do',
  engine: '`fused`, `tfjs` or `libsvm-js`',
  state: 'folder of the database and the models',
  trainAfter: 'actions of a user before the first training',
  alertsPerWeek: 'alerts on normal behaviour that you accept, a week and user',
  alarm: '`window` from which an alert opens, instead of a line of each user’s own',
  seed: 'the same seed and input give the same results',
  keepDays: 'how many days of actions are kept',
  keepMegabytes: 'how large the database may grow before the oldest go',
  scores: 'weight of a query, 0…10, over the pack’s own, as JSON: `{"net_out": 0}`',
  original:
    'parameters of the original project’s methods, as JSON: `{"hidden": 128, "nu": 0.1}`; `ubad config import` fills it',
  quietHours: 'local times between which nothing is notified, as JSON: `{"from": "22:00", "to": "07:00"}`',
  theme: '`system`, `light` or `dark`: the window',
  trayIcon: '`system`, `light` or `dark`: the icon in the panel',
};
