import { lifeChecks } from '../checks/life.ts';
import { notificationChecks } from '../checks/notifications.ts';
import { trayChecks } from '../checks/tray.ts';
import { windowChecks } from '../checks/window.ts';
import type { Check } from '../checks/check.ts';

/** A change of the sample's source that somebody could make by mistake, and how it shows. */
export interface Mistake {
  readonly name: string;
  /** A file of the sample, what stands there and what is put in its place. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** The check that has to fail… */
  readonly check: Check;
  /** …and what it then says: failing for another reason does not count. */
  readonly says: RegExp;
}

const all = [...trayChecks, ...notificationChecks, ...windowChecks, ...lifeChecks];
/** The check whose name begins so. */
export const checkCalled = (beginning: string): Check => {
  const found = all.find((one) => one.name.startsWith(beginning));
  if (found === undefined) throw new Error(`no check begins with "${beginning}"`);
  return found;
};
