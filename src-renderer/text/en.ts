import { answer } from './en/answer.ts';
import { alerts } from './en/alerts.ts';
import { find } from './en/find.ts';
import { fleet } from './en/fleet.ts';
import { log } from './en/log.ts';
import { models } from './en/models.ts';
import { people } from './en/people.ts';
import { readings } from './en/readings.ts';
import { settings } from './en/settings.ts';
import { shell } from './en/shell.ts';
import { truth } from './en/truth.ts';

export const en = {
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
