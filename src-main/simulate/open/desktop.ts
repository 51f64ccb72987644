import type { Running } from '../happening.ts';
import { anyAddress } from '../sites.ts';
import { randomPart, spelled, toolName, version, windowedName } from './names.ts';
import { DASH, downloaded, homeOf, runCalled, type Deed } from './typed.ts';

/** As the runtime of AppImages has it: the mount is named after the file's first six letters and six by chance. */
export const appImage: Deed = (actor, own) => {
  const { draw } = actor;
  const { name, file } = downloaded(actor, own, '-x86_64.AppImage');
  const short = file.slice(file.lastIndexOf('/') + 1);
  const lasts = draw.logNormal(1800, 1);
  const program = { path: file, lasts };
  const outer = own.chance(0.7)
    ? actor.start(short, program, { parent: actor.start('thunar', { lasts: 300 }) })
    : actor.enter(`./${short}`, program);
  const mount = `/tmp/.mount_${short.slice(0, 6)}${randomPart(draw, 6)}`;
  const run = { path: '/usr/bin/bash', script: `${mount}/AppRun`, lasts };
  const parent = own.chance(0.4) ? actor.start('AppRun', run, { parent: outer }) : outer;
  const path = `${mount}/usr/bin/${name}`;
  const inner = actor.start(name, { path, lasts }, { parent });
  for (let n = own.whole(0, 3); n > 0; n--) actor.run(name, { path, lasts }, { parent: inner });
  if (own.chance(0.6)) actor.connect(anyAddress(own), 443, name, path);
};

/** As makeself packs them: a script that unpacks itself below /tmp and runs what it finds there. */
export const installer: Deed = (actor, own) => {
  const { draw, person } = actor;
  const { name, file } = downloaded(actor, own, own.pick(['.run', '.sh', '-installer.run']));
  const short = file.slice(file.lastIndexOf('/') + 1);
  const program = { path: DASH, script: file, lasts: 120 };
  const asRoot = person.groups.includes('sudo') && own.chance(0.4);
  const parent: Running = asRoot
    ? actor.enter(`sudo ./${short}`, program)
    : own.chance(0.6)
      ? actor.enter(`sh ${short}`, program)
      : actor.start(short, program, { parent: actor.start('thunar', { lasts: 300 }) });
  const folder = own.chance(0.5) ? `/tmp/selfgz${draw.whole(1000, 99_999)}` : `/tmp/makeself.${randomPart(draw, 6)}`;
  const path = `${folder}/${own.pick(['setup', 'install', `bin/${name}-setup`])}`;
  const setup = actor.wait(4).start(path.slice(path.lastIndexOf('/') + 1), { path, lasts: 90 }, { parent, asRoot });
  if (own.chance(0.4)) actor.connect(anyAddress(own), 443, setup.name, path);
  runCalled(actor, setup);
};

/** Who started it has ended: it is the manager's child now, and its file may be gone. */
export const orphan: Deed = (actor, own) => {
  const { draw, session } = actor;
  const name = toolName(own);
  const folder = own.chance(0.5)
    ? `/tmp/${name}-${randomPart(draw, 8)}`
    : `${homeOf(actor)}/.cache/${name}/${version(own)}`;
  const path = `${folder}/${own.chance(0.7) ? name : `${name}-daemon`}`;
  const parent = own.chance(0.7) ? actor.shell() : session.leader;
  const { pid } = actor.start(path.slice(path.lastIndexOf('/') + 1).slice(0, 15), { path, lasts: 6000 }, { parent });
  const was = actor.happened.findLast((one) => one.kind === 'process' && one.pid === pid);
  if (own.chance(0.4)) actor.connect(anyAddress(own), 443, name, path);
  if (was?.kind !== 'process') return;
  const left = actor.time + draw.logNormal(60, 1);
  actor.change(was, left, { parent: session.manager });
  if (own.chance(0.3)) actor.change(was, left + draw.logNormal(900, 1), { parent: session.manager, onDisk: false });
};

export const helper: Deed = (actor, own) => {
  const name = spelled(own);
  const path = `${homeOf(actor)}/.local/${own.pick(['bin', `share/${name}`, `lib/${name}`])}/${name}`;
  actor.run(name, { path, lasts: -1 }, { parent: actor.session.manager, byManager: true });
  if (own.chance(0.4)) actor.connect(anyAddress(own), 443, name, path, 600);
  if (own.chance(0.2)) actor.listen(own.whole(8000, 9999), name, path, actor.session.ends - actor.time, '127.0.0.1');
};

/** Parents of what is started with the mouse. */
const startsPrograms = ['xfce4-panel', 'xfce4-panel', 'xfdesktop', 'Thunar'];

export const menuProgram: Deed = (actor, own) => {
  const name = windowedName(own);
  const path = own.chance(0.8) ? `/usr/bin/${name}` : `/usr/lib/${name}/${name}`;
  // Panel and file manager hand over to the session, or stay the parent.
  const parent = own.chance(0.5) ? actor.session.leader : actor.running(own.pick(startsPrograms));
  const lasts = own.logNormal(600, 1);
  const program = actor.start(name.slice(0, 15), { path, lasts }, { parent });
  for (let n = own.whole(0, 2); n > 0; n--) actor.run(name.slice(0, 15), { path, lasts }, { parent: program });
  if (own.chance(0.3)) actor.connect(anyAddress(own), own.chance(0.85) ? 443 : 80, name, path);
};

export const busService: Deed = (actor, own) => {
  const name = own.chance(0.5) ? `${windowedName(own)}${own.pick(['-service', '-portal', '-daemon'])}` : spelled(own);
  const path = own.pick([`/usr/libexec/${name}`, `/usr/libexec/${name}`, `/usr/lib/${name}/${name}`]);
  const lasts = own.chance(0.5) ? -1 : own.logNormal(900, 1);
  const { manager } = actor.session;
  actor.run(name.slice(0, 15), { path, lasts }, { parent: manager, byManager: true, onDisk: !own.chance(0.1) });
  if (own.chance(0.1)) actor.connect(anyAddress(own), 443, name, path);
};

export const desktopShell: Deed = (actor, own) => {
  const windows = actor.person.startsWith.filter((name) => name !== 'xfce4-terminal');
  const name = own.pick([...windows, 'thunar', 'xfce4-panel']);
  const parent = actor.running(name);
  const sh = actor.start(own.pick(['sh', 'sh', 'xdg-open', 'exo-open']), { path: DASH, lasts: 12 }, { parent });
  const opens = own.pick([
    'xdg-mime',
    'gio',
    'lsb_release',
    'exo-helper-2',
    'which',
    'notify-send',
    'xdg-settings',
    'python3',
  ]);
  actor.run(opens, { lasts: 15 }, { parent: sh });
};

export const newService: Deed = (actor, own) => {
  const name = own.pick(actor.person.startsWith.filter((one) => /firefox|thunderbird|element/.test(one)));
  const path =
    name === 'firefox-esr'
      ? '/usr/lib/firefox-esr/firefox-esr'
      : name === 'thunderbird'
        ? '/usr/lib/thunderbird/thunderbird'
        : '/opt/Element/element-desktop';
  const address = own.chance(0.6) ? `10.20.${own.whole(1, 40)}.${own.whole(2, 250)}` : anyAddress(own);
  const port = own.pick([443, 8080, 8443, 3000, 5000, 8006, 9090, 9443, 10_000, own.whole(1024, 32_000)]);
  actor.connect(address, port, name, actor.world.pathAt(path, actor.time), 200);
};

const makers = [
  ['0951', 'Kingston', 'DataTraveler'],
  ['0781', 'SanDisk Corp.', 'Cruzer Blade'],
  ['04e8', 'Samsung', 'Portable SSD T7'],
  ['090c', 'Silicon Motion', 'Flash Drive'],
  ['13fe', 'Phison', 'USB DISK 3.0'],
  ['1058', 'Western Digital', 'Elements'],
] as const;

export const stick: Deed = (actor, own) => {
  const [vendor_id, vendor, model] = own.pick(makers);
  const serial = `${own.whole(100_000, 999_999)}${own.whole(100_000, 999_999)}`;
  const label = own.chance(0.5) ? spelled(own).toUpperCase() : `${own.whole(1000, 9999)}-${own.whole(1000, 9999)}`;
  const device = {
    vendor_id,
    model_id: own.whole(4096, 65_000).toString(16),
    vendor,
    model,
    serial,
    removable: '1' as const,
  };
  actor.plug(device, `/media/${actor.person.name}/${label}`, actor.draw.logNormal(1500, 0.8));
};
