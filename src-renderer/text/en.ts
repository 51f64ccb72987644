import { answer } from './en/answer.ts';
import { alerts } from './en/alerts.ts';
import { log } from './en/log.ts';
import { people } from './en/people.ts';
import { readings } from './en/readings.ts';
import { settings } from './en/settings.ts';
import { shell } from './en/shell.ts';
import { truth } from './en/truth.ts';

export const en = { ...shell, ...alerts, ...answer, ...people, ...settings, ...log, ...readings, ...truth };
