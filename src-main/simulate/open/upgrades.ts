import type { Actor } from '../actor.ts';
import { Draw } from '../draw.ts';
import type { Happening } from '../happening.ts';
import type { World } from '../world.ts';
import { machineRates } from './rates.ts';

const HOUR = 3600;

/** What is upgraded together: where its files lie, and whether its user service is restarted by it. */
const packages: readonly { readonly files: RegExp; readonly restarts?: boolean }[] = [
  { files: /^\/usr\/lib\/firefox-esr/ },
  { files: /^\/usr\/lib\/thunderbird\// },
  { files: /^\/usr\/lib\/libreoffice\// },
  { files: /^\/usr\/share\/code\// },
  { files: /^\/opt\/(Element|zoom)\// },
  { files: /^\/usr\/bin\/(xfce4|xfwm4|xfsettingsd|xfdesktop|Thunar|thunar|wrapper)/ },
  { files: /^\/usr\/(bin|libexec)\/gvfs/, restarts: true },
  { files: /^\/usr\/bin\/(dbus-daemon|xfconfd|at-spi)/ },
  { files: /^\/usr\/bin\/pulseaudio/, restarts: true },
  { files: /^\/usr\/bin\/(gpg-agent|gpg)$/, restarts: true },
  { files: /^\/usr\/bin\/(ssh-agent|ssh|scp)$/ },
  { files: /^\/usr\/bin\/(bash|dash)$/ },
  { files: /^\/usr\/bin\/python3/ },
  { files: /^\/usr\/bin\/(vim|git|tmux|node|htop)/ },
  { files: /^\/usr\/lib\/systemd\// },
];

/** When packages of a machine are upgraded on a day while people may be at work, Unix seconds. */
export const patchesOf = (
  world: World,
  host: string,
  day: number,
): { readonly time: number; readonly files: RegExp; readonly restarts?: boolean }[] => {
  const draw = Draw.of(world.options.seed, host, day, 'patches');
  const count = draw.poisson(machineRates.patch / 7);
  return Array.from({ length: count }, () => day + draw.between(8, 18) * HOUR).flatMap((time) => {
    // Three days in ten bring several packages at once.
    const some = draw.chance(0.3) ? draw.whole(3, 8) : draw.whole(1, 2);
    return Array.from({ length: some }, () => ({ time: time + draw.between(0, 200), ...draw.pick(packages) }));
  });
};

type Process = Happening & { readonly kind: 'process' };

/** What runs while its file is replaced runs from a file that is gone; some services are started again. */
export function upgrade(actor: Actor, happened: readonly Happening[], day: number): void {
  const { draw, session, world, person } = actor;
  for (const { time, files, restarts } of patchesOf(world, person.host, day)) {
    const running = happened.filter(
      (one): one is Process =>
        one.kind === 'process' && one.onDisk && one.time < time && one.time + one.lasts > time && files.test(one.path),
    );
    for (const was of running) {
      const again = restarts && was.byManager;
      actor.change(was, time, { onDisk: false }, again ? 60 : Infinity);
      if (!again) continue;
      actor.time = time + draw.between(60, 70);
      actor.run(was.name, { path: was.path, lasts: -1 }, { parent: session.manager, byManager: true });
    }
  }
}
