import wanted from '../../scripts/system-packages.json' with { type: 'json' };
import { isOnPath, isThere } from '../../scripts/test/system-packages.ts';
import { whyNoDesktop } from '../desktop/session/needs.ts';

const purpose = 'the tests of the packages';

/** Why no package can be made and looked at here; undefined where it can. */
export function whyNoPackages(): string | undefined {
  if (!isOnPath('dpkg-deb')) return 'the packages are made and looked at on Debian';
  const missing = wanted.filter((one) => one.neededFor === purpose && !isThere(one.command));
  if (missing.length === 0) return undefined;
  return `needs Debian packages: sudo apt-get install ${missing.map((one) => one.package).join(' ')}`;
}

/** Why no package can be installed here. */
export function whyNoInstallation(): string | undefined {
  return process.getuid?.() === 0 ? whyNoPackages() : 'only root installs packages';
}

/** Why an installed program cannot be driven here. */
export const whyNoDriving = (): string | undefined => whyNoPackages() ?? whyNoDesktop();
