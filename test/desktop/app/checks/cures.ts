import assert from 'node:assert/strict';
import type { DoctorReport, DoctorStep, DoctorStepId } from '../../../../src-main/contract/doctor.ts';
import type { Check } from '../../check.ts';
import type { Application } from '../../driver/application.ts';
import { until } from '../../until.ts';
import { findIcon } from '../icon.ts';
import { askAsPage, startWatching } from './check.ts';

/** What the doctor of the running program says of one step. */
export async function doctorSays(application: Application, id: DoctorStepId): Promise<DoctorStep> {
  const answer = await askAsPage(application, 'doctor');
  return (answer.value as DoctorReport).steps.find((step) => step.id === id)!;
}

/** What the doctor advises on a desktop is done, and has to end the problem. */
export const cureChecks: readonly Check[] = [
  {
    name: 'the doctor’s command for a panel without a tray puts one there, and the icon comes',
    async run(application) {
      await application.desktop.withoutTray(async () => {
        application.start(['--hidden']);
        await application.windows.waitFor(1, 30_000);
        const { state, command } = await doctorSays(application, 'tray');
        assert.equal(state, 'warn');
        await application.desktop.paste(command!);
        await until('the doctor to find the tray', async () => {
          const found = await doctorSays(application, 'tray');
          assert.equal(found.state, 'pass', found.why);
          return true;
        });
        // The program looks for one every ten seconds.
        await until('the icon on the bus', async () => (await application.tray.items()).length > 0, {
          within: 20_000,
        });
        await findIcon(application, 'watching');
        assert.equal(command, 'xfce4-panel --add=systray');
      });
    },
  },
  {
    name: 'the doctor misses a tray that goes while the program runs',
    async run(application) {
      await startWatching(application);
      await application.tray.activate();
      await application.windows.waitFor(1);
      assert.equal((await doctorSays(application, 'tray')).state, 'pass');
      await application.desktop.withoutTray(async () => {
        assert.equal((await doctorSays(application, 'tray')).state, 'warn', 'the doctor still sees the tray');
      });
    },
  },
  {
    name: 'the doctor’s word on the start at login is carried out in the settings',
    async run(application) {
      await application.startAndWait();
      await application.windows.waitFor(1);
      const { state, remedy } = await doctorSays(application, 'autostart');
      assert.deepEqual([state, remedy], ['warn', 'Switch it on in the settings.']);
      assert.deepEqual(await askAsPage(application, 'setAutostart', true), { ok: true, value: true });
      assert.equal((await doctorSays(application, 'autostart')).state, 'pass');
    },
  },
];
