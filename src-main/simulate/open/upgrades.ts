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

interface Upgrade {
  /** Unix seconds. */
  readonly time: number;
  readonly files: RegExp;
  readonly restarts?: boolean;
}

/** Packages of a machine that are upgraded on a day while people may be at work: some now and then, most after a release. */
function upgradesOf(world: World, host: string, day: number): Upgrade[] {
  const draw = Draw.of(world.options.seed, host, day, 'upgrades');
  const upgraded = (some: typeof packages): Upgrade[] => {
    const from = day + draw.between(8, 18) * HOUR;
    return some.map((one) => ({ ...one, time: from + draw.between(0, 200) }));
  };
  const patches = Array.from({ length: draw.poisson(machineRates.patch / 7) }, () =>
    upgraded(Array.from({ length: draw.whole(1, 3) }, () => draw.pick(packages))),
  );
  const isRelease = world.updates.some((time) => time >= day && time < day + 24 * HOUR);
  return [...patches.flat(), ...(isRelease ? upgraded(packages.filter(() => draw.chance(0.6))) : [])];
}

type Process = Happening & { readonly kind: 'process' };

/** What runs while its file is replaced runs from a file that is gone; some services are started again. */
export function upgrade(actor: Actor, happened: readonly Happening[], day: number): void {
  const { draw, session, world, person } = actor;
  for (const { time, files, restarts } of upgradesOf(world, person.host, day)) {
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
