import { answer } from './de/answer.ts';
import { alerts } from './de/alerts.ts';
import { log } from './de/log.ts';
import { people } from './de/people.ts';
import { readings } from './de/readings.ts';
import { settings } from './de/settings.ts';
import { shell } from './de/shell.ts';
import { truth } from './de/truth.ts';

export const de = { ...shell, ...alerts, ...answer, ...people, ...settings, ...log, ...readings, ...truth };
