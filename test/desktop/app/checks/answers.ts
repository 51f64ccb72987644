import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { AlertDetail } from '../../../../src-main/contract/alerts.ts';
import type { Step } from '../../../../src-main/contract/answer.ts';
import type { Check } from '../../check.ts';
import type { Application } from '../../driver/application.ts';
import { giveTo } from '../../session/account.ts';
import { until } from '../../until.ts';
import { askAsPage, example, startWatching } from './check.ts';

/** A folder of the application's own, which its PATH begins with: what stands there is found before the system's. */
const binOf = ({ desktop }: Application): string => join(desktop.folder, 'subject', 'bin');

/** Puts a program there that the bench's machine lacks. */
function put(application: Application, name: string, script: string): void {
  const file = join(binOf(application), name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  giveTo(application.desktop.account, file);
}

const readIfThere = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');

/** Runs a command of a step as the person would: in a shell of theirs. @throws where it fails */
const run = ({ desktop }: Application, command: string): Promise<string> =>
  desktop.processes.run('sh', ['-c', command], {
    ...desktop.env,
    PATH: `${join(desktop.folder, 'subject', 'bin')}:${desktop.env.PATH ?? ''}`,
  });

/** A line of alice's, of this machine, from when the stranger sits down. */
function lineOf(query: string, columns: Readonly<Record<string, string>>): string {
  const { unixTime } = JSON.parse(example.untilAlert[0]!) as { readonly unixTime: number };
  const name = `pack_user-behavior_${query}`;
  const about = { hostIdentifier: hostname(), calendarTime: '', unixTime, epoch: 0, counter: 1, numerics: false };
  return JSON.stringify({ name, ...about, columns, action: 'added' });
}

export const answerChecks: readonly Check[] = [
  {
    name: 'Lock the screen of the tray asks logind for it, and where nobody locks then, what the desktop has',
    async run(application) {
      const asked = join(binOf(application), 'asked');
      const isLocked = join(binOf(application), 'locked');
      put(application, 'loginctl', `echo "$*" >>'${asked}'; case "$1" in show-session) cat '${isLocked}';; esac`);
      put(application, 'xflock4', `echo xflock4 >>'${asked}'`);
      writeFileSync(isLocked, 'yes\n');
      await startWatching(application);
      await application.tray.choose(/^Lock the screen$/);
      await until('that the session is asked', () => readIfThere(asked).includes('show-session'));
      const first = readIfThere(asked);
      assert.match(first, /^lock-session\b/);
      assert.doesNotMatch(first, /xflock4/, 'another locker is asked though the session is locked');
      writeFileSync(isLocked, 'no\n');
      await application.tray.choose(/^Lock the screen$/);
      await until('that the desktop locks by itself', () => readIfThere(asked).includes('xflock4'));
    },
  },
  {
    name: 'what to do about an alert that was not the user can be done, once, and undone where it says so',
    async run(application) {
      const { desktop } = application;
      const home = desktop.env.HOME!;
      const keys = join(home, '.ssh', 'authorized_keys');
      const table = join(binOf(application), 'table');
      // A user's crontab is the machine's to tell of, so that the step is root's: here nobody is.
      put(application, 'sudo', 'exec "$@"');
      put(
        application,
        'crontab',
        `test "$1" = -u && shift 2; case "$1" in -l) cat '${table}';; -|'') cat >'${table}';; *) cat "$1" >'${table}';; esac`,
      );
      const [keptKey, keptJob] = ['ssh-ed25519 AAAA alice@desk\n', '0 5 * * 1 tar -zcf /var/x.tgz /home\n'];
      mkdirSync(join(home, '.ssh'), { recursive: true });
      writeFileSync(keys, `${keptKey}ssh-ed25519 CCCC x@evil\n`);
      writeFileSync(table, `${keptJob}*/5 * * * * /tmp/.x/run\n`);
      const program = join(binOf(application), 'kworkerd');
      copyFileSync('/usr/bin/sleep', program);
      for (const file of [join(home, '.ssh'), table, program]) giveTo(desktop.account, file);
      await startWatching(application);
      const child = desktop.processes.start(program, ['600'], desktop.env);
      const pid = String(await until('the process', () => child.pid));
      const began = String(Math.floor(Date.now() / 1000));
      const desk = { uid: '1000', username: 'alice' };
      application.append(
        lineOf('process_start', {
          pid,
          start_time: began,
          uid: '1000',
          euid: '1000',
          parent: '1',
          parent_name: 'bash',
          name: 'kworkerd',
          path: program,
          on_disk: '1',
          cgroup_path: '/user.slice/user-1000.slice/session-2.scope',
        }),
        lineOf('authorized_keys', { ...desk, algorithm: 'ssh-ed25519', comment: 'x@evil', key_file: keys }),
        lineOf('crontab', {
          path: '/var/spool/cron/crontabs/alice',
          minute: '*/5',
          hour: '*',
          day_of_month: '*',
          month: '*',
          day_of_week: '*',
          verb: '/tmp/.x/run',
        }),
        ...example.untilAlert,
      );
      await application.notifications.waitFor(/^alice: /);
      await application.tray.activate();
      const steps = await until('the steps', async (): Promise<readonly Step[]> => {
        const { value } = await askAsPage(application, 'alerts', { limit: 5 });
        const ids = (value as readonly { readonly id: number }[]).map(({ id }) => id);
        const details = await Promise.all(ids.map((id) => askAsPage(application, 'alert', id)));
        const all = details.flatMap((answer) => (answer.value as AlertDetail).steps);
        const missing = ['process', 'key', 'cron'].filter((kind) => !all.some((step) => step.kind === kind));
        if (missing.length > 0)
          throw new Error(`no ${missing.join()} in alerts ${ids.join()}: ${all.map(({ key }) => key).join()}`);
        return all;
      });
      const of = (kind: Step['kind']): Step => {
        const step = steps.find((one) => one.kind === kind);
        assert.ok(step, `no step of the kind ${kind} among ${steps.map((one) => one.kind).join()}`);
        return step;
      };
      const stop = of('process').command!;
      await assert.rejects(run(application, stop.replace(/= \d+/, '= 1')), 'it stops a process that began otherwise');
      assert.equal(child.exitCode ?? child.signalCode, null);
      await run(application, stop);
      await until('that the process has ended', () => child.signalCode === 'SIGTERM');
      await assert.rejects(run(application, stop), 'it can be done twice');
      const key = of('key');
      await run(application, key.command!);
      assert.equal(readFileSync(keys, 'utf8'), keptKey);
      await run(application, key.undo!);
      assert.match(readFileSync(keys, 'utf8'), /x@evil/);
      const job = of('cron');
      await run(application, job.command!);
      assert.equal(readFileSync(table, 'utf8'), keptJob);
      await run(application, job.undo!);
      assert.match(readFileSync(table, 'utf8'), /\/tmp\/\.x\/run/);
    },
  },
];
