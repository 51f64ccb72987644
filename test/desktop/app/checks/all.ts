import type { Check } from '../../checks/check.ts';
import { trayChecks } from './tray.ts';

export const appChecks: readonly Check[] = [...trayChecks];
