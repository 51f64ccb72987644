import { answer } from './de/answer.ts';
import { alerts } from './de/alerts.ts';
import { find } from './de/find.ts';
import { fleet } from './de/fleet.ts';
import { log } from './de/log.ts';
import { models } from './de/models.ts';
import { people } from './de/people.ts';
import { readings } from './de/readings.ts';
import { settings } from './de/settings.ts';
import { shell } from './de/shell.ts';
import { truth } from './de/truth.ts';

export const de = {
  ...shell,
  ...alerts,
  ...answer,
  ...find,
  ...models,
  ...fleet,
  ...people,
  ...settings,
  ...log,
  ...readings,
  ...truth,
};
