/**
 * A desktop on which nobody shows notifications, what the doctor of the running program advises, and what it says after it.
 * Removes and installs a package: `cures.test.ts` runs it in a system of its own.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { asRoot, administrator } from '../../package/machine.ts';
import { doctorSays } from '../app/checks/cures.ts';
import { packAndUnpack } from '../app/package.ts';
import { appSubject } from '../app/subject.ts';
import { Application } from '../driver/application.ts';
import { pickElectron } from '../driver/electron.ts';
import { giveTo } from '../session/account.ts';
import { Desktop, repository } from '../session/desktop.ts';
import { mustBeInOwnSystem } from './own-system.ts';

mustBeInOwnSystem();
asRoot('dpkg', '--purge', '--force-depends', 'xfce4-notifyd');
const desktop = await Desktop.start('light', false);
try {
  const app = await packAndUnpack(repository, join(desktop.folder, 'built'));
  const state = join(desktop.folder, 'untrained');
  mkdirSync(state);
  for (const folder of [app, state]) giveTo(desktop.account, folder);
  const application = await Application.prepare(desktop, pickElectron(desktop.account), appSubject(app, state));
  try {
    await application.startAndWait();
    await application.windows.waitFor(1);
    const before = await doctorSays(application, 'notifications');
    assert.equal(before.state, 'fail', before.why);
    assert.equal(before.command, 'sudo apt-get install xfce4-notifyd');

    const env = { ...process.env, PATH: `${administrator(desktop.folder)}:${process.env.PATH ?? ''}` };
    // As printed; apt-get asks whether to go on.
    const ran = spawnSync('sh', ['-c', before.command], { encoding: 'utf8', env, input: 'y\n' });
    assert.equal(ran.status, 0, ran.stdout + ran.stderr);

    const after = await doctorSays(application, 'notifications');
    assert.equal(after.state, 'pass', after.why);
    assert.match(after.why, /^Xfce Notify Daemon /);
  } finally {
    await application.stop();
  }
} finally {
  await desktop.stop();
}
