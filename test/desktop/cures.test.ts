import { join } from 'node:path';
import { expect, it } from 'vitest';
import { inOwnSystem, whyNoOwnSystem } from './cures/own-system.ts';
import { whyNoDesktop } from './session/needs.ts';

const PACKAGE = 'xfce4-notifyd';

const why = whyNoDesktop() ?? whyNoOwnSystem() ?? whyNoArchive();
if (why !== undefined) console.log(`SKIPPED, THE CURE THAT INSTALLS A PACKAGE: ${why}`);

/** Why the package cannot be had: without a network there is nothing to install from. */
function whyNoArchive(): string | undefined {
  const { status, output } = inOwnSystem(['apt-get', 'install', '--yes', '--download-only', '--reinstall', PACKAGE]);
  return status === 0 ? undefined : `Debian's archive does not give it: ${output.trim()}`;
}

it.skipIf(why !== undefined)(
  'the cure of a desktop without notifications is a package, and it shows them at once',
  () => {
    const script = join(import.meta.dirname, 'cures', 'install-notifications.ts');
    const { status, output } = inOwnSystem([process.execPath, script]);
    expect(status, output).toBe(0);
  },
  300_000,
);
