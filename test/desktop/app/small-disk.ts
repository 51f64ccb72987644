import { join } from 'node:path';
import type { Application } from '../driver/application.ts';
import { pathIn } from './subject.ts';

/** Of the state's file system: room for the trained models, and little more. */
const SIZE = '6m';
const ballast = 'ballast';

/**
 * A command to start the application with, which gives its state folder a small file system of its own. Any user may do so
 * in a user namespace; a second one inside makes him himself again, for Chromium and the bus want no root.
 */
export function onSmallDisk(application: Application): readonly string[] {
  const { ids } = application.desktop.account;
  const [uid, gid] = [ids?.uid ?? process.getuid?.() ?? 0, ids?.gid ?? process.getgid?.() ?? 0];
  const script = `
    mount -t tmpfs -o size=${SIZE},mode=700 none "$1" && cp -R "$2/." "$1" && shift 2 &&
    exec unshare --user --map-user=${uid} --map-group=${gid} -- "$@"`;
  const state = pathIn(application, 'XDG_STATE_HOME');
  const trained = join(application.desktop.folder, 'trained');
  return ['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c', script, 'sh', state, trained];
}

/** A path in that file system, which only the application's processes have. */
export const onItsDisk = (application: Application, pid: number, name: string): string =>
  join(`/proc/${pid}/root`, pathIn(application, 'XDG_STATE_HOME', name));

export async function fillDisk(application: Application, pid: number): Promise<void> {
  const { desktop } = application;
  const file = onItsDisk(application, pid, ballast);
  await desktop.processes.run('sh', ['-c', 'cat /dev/zero > "$1" 2>/dev/null || true', 'sh', file], desktop.env);
}

export async function freeDisk(application: Application, pid: number): Promise<void> {
  await application.desktop.processes.run('rm', [onItsDisk(application, pid, ballast)], application.desktop.env);
}
