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
  lstmUnits: 'advanced: the LSTM’s cells, a multiple of 8 up to 256; more remember longer habits and cost time',
  lstmEpochs:
    'advanced: how often a training reads the whole past, 1…300; `null`: 300 steps; too few foresee badly, too many learn by heart',
  lstmDropout: 'advanced: share of the LSTM’s outputs left out while it trains, 0…0.9; more learns less by heart',
  lstmBatch: 'advanced: stretches of 50 actions that a step of the training reads, 1…64; more is smoother and slower',
  svmNu:
    'advanced: share of your own windows that the One-Class SVM may leave outside, 0.01…0.9; more draws it tighter',
  svmGamma:
    'advanced: how alike windows must be for the One-Class SVM, 0.05…50; more finds smaller differences and knows less',
  scores: 'weight of a query, 0…10, over the pack’s own, as JSON: `{"net_out": 0}`',
  original:
    'parameters of the original project’s methods, as JSON: `{"hidden": 128, "nu": 0.1}`; `ubad config import` fills it',
  quietHours: 'local times between which nothing is notified, as JSON: `{"from": "22:00", "to": "07:00"}`',
  theme: '`system`, `light` or `dark`: the window',
  trayIcon: '`system`, `light` or `dark`: the icon in the panel',
};
