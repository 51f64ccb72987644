import type { Check } from '../../check.ts';
import { answerChecks } from './answers.ts';
import { cureChecks } from './cures.ts';
import { lifeChecks } from './life.ts';
import { notificationChecks } from './notifications.ts';
import { trayChecks } from './tray.ts';
import { windowChecks } from './window.ts';

export const appChecks: readonly Check[] = [
  ...notificationChecks,
  ...answerChecks,
  ...trayChecks,
  ...windowChecks,
  ...lifeChecks,
  ...cureChecks,
];
