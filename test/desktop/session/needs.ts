import { existsSync } from 'node:fs';
import wanted from '../../../scripts/system-packages.json' with { type: 'json' };
import { isThere } from '../../../scripts/test/system-packages.ts';

const purpose = 'the tests on a real Xfce desktop';

/** Why no desktop can be started here; undefined where one can. `npm test` has tried to install the packages before. */
export function whyNoDesktop(): string | undefined {
  if (process.platform !== 'linux') return 'the desktop is Xfce, which runs on Linux';
  const missing = wanted.filter((one) => one.neededFor === purpose && !isThere(one.command));
  if (missing.length === 0) return undefined;
  return `needs Debian packages: sudo apt-get install ${missing.map((one) => one.package).join(' ')}`;
}

/** The first of these files that is there; Debian keeps some programs out of PATH, in a folder named after the processor. */
export function firstThere(what: string, candidates: readonly string[]): string {
  const found = candidates.find((path) => existsSync(path));
  if (found === undefined) throw new Error(`${what} is not here; looked at ${candidates.join(', ')}`);
  return found;
}
