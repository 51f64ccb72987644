import { Draw } from './draw.ts';
import type { Device, Happening } from './happening.ts';
import { machineNews } from './open/machine.ts';
import { settingOf } from './open/settings.ts';
import { thingsOf } from './open/things.ts';
import type { World } from './world.ts';

const DAY = 86_400;
const modules = [
  ...[
    'ext4',
    'xfs',
    'btrfs',
    'nf_tables',
    'nft_ct',
    'bridge',
    'overlay',
    'snd_hda_intel',
    'snd_pcm',
    'i915',
    'drm',
    'kvm',
    'kvm_intel',
  ],
  ...[
    'xhci_hcd',
    'usbhid',
    'iwlwifi',
    'cfg80211',
    'bluetooth',
    'btusb',
    'thermal',
    'battery',
    'video',
    'ahci',
    'nvme',
    'e1000e',
    'fuse',
  ],
];
const passing = [
  'loop',
  'isofs',
  'vfat',
  'usb_storage',
  'nls_utf8',
  'cdc_ether',
  'tun',
  'dm_crypt',
  'sr_mod',
  'joydev',
  'uvcvideo',
];
const keyboards: readonly Device[] = [
  { vendor_id: '046d', model_id: 'c31c', vendor: 'Logitech, Inc.', model: 'Keyboard K120', serial: '', removable: '0' },
  { vendor_id: '046d', model_id: 'c077', vendor: 'Logitech, Inc.', model: 'Mouse', serial: '', removable: '0' },
];

/** What was there when osquery started, and stays. */
export function beginning(world: World, host: string): Happening[] {
  const { start } = world.options;
  const at = { time: start, host, uid: 0, user: 'root', lasts: Infinity, session: 0 };
  const state = (query: string, columns: Record<string, string>): Happening => ({
    ...at,
    kind: 'state',
    query,
    columns,
  });
  const accounts = [
    ...['root', 'daemon', 'bin', 'sys', 'www-data', 'messagebus', 'systemd-timesync', 'avahi', 'sshd'].map(
      (username, n) =>
        state('users', {
          uid: String(n === 0 ? 0 : n * 11),
          gid: String(n * 11),
          username,
          directory: n === 0 ? '/root' : '/nonexistent',
          shell: n === 0 ? '/bin/bash' : '/usr/sbin/nologin',
        }),
    ),
    ...world.people
      .filter((person) => person.host === host)
      .flatMap(({ uid, name, groups }) => [
        state('users', {
          uid: String(uid),
          gid: String(uid),
          username: name,
          directory: `/home/${name}`,
          shell: '/bin/bash',
        }),
        ...groups.map((groupname) => state('admins', { uid: String(uid), groupname })),
        state('authorized_keys', {
          uid: String(uid),
          username: name,
          algorithm: 'ssh-ed25519',
          comment: `${name}@home`,
          key_file: `/home/${name}/.ssh/authorized_keys`,
        }),
      ]),
  ];
  const jobs = ['cron.hourly', 'cron.daily', 'cron.weekly'].map((verb, n) =>
    state('crontab', {
      path: '/etc/crontab',
      minute: String(17 + n * 8),
      hour: n === 0 ? '*' : '6',
      day_of_month: '*',
      month: '*',
      day_of_week: n === 2 ? '7' : '*',
      verb: `/etc/${verb}`,
    }),
  );
  const entries = ['nm-applet', 'xfce4-notifyd', 'polkit-gnome', 'print-applet', 'at-spi-dbus-bus'].map((name, n) =>
    state('autostart', {
      path: `/etc/xdg/autostart/${name}.desktop`,
      uid: '0',
      mtime: String(start - DAY * (40 + n)),
      size: String(160 + 17 * n),
    }),
  );
  const settings = world.people
    .filter((person) => person.host === host)
    .flatMap((person) => thingsOf(world, person, start - DAY))
    .flatMap((thing) => settingOf(thing) ?? [])
    .map(({ query, columns, ends }): Happening => ({ ...at, kind: 'state', query, columns, lasts: ends - start }));
  return [
    ...accounts,
    ...settings,
    ...jobs,
    ...entries,
    ...modules.map((name) => state('kernel_modules', { name })),
    state('sudoers', { source: '/etc/sudoers', header: '%sudo', rule_details: 'ALL=(ALL:ALL) ALL' }),
    state('gateway', gatewayOf(host)),
    ...keyboards.map((device): Happening => ({ ...at, kind: 'device', device })),
    ...[
      ['sshd', '/usr/sbin/sshd', 22],
      ['cupsd', '/usr/sbin/cupsd', 631],
      ['avahi-daemon', '/usr/sbin/avahi-daemon', 5353],
    ].map(([name, path, port]): Happening => ({
      ...at,
      kind: 'listening',
      name: String(name),
      path: String(path),
      port: Number(port),
    })),
  ];
}

/** What a machine does by itself on one day: the heartbeat, modules that come and go, leases, updates. */
export function systemDay(world: World, host: string, day: number): Happening[] {
  const draw = Draw.of(world.options.seed, host, day, 'system');
  const at = { host, uid: 0, user: 'root', session: 0 };
  const all: Happening[] = [];
  const state = (time: number, lasts: number, query: string, columns: Record<string, string>): void => {
    all.push({ ...at, time, lasts, kind: 'state', query, columns });
  };
  for (let time = day; time < day + DAY; time += 300)
    state(time, 60, 'heartbeat', { beat: String(Math.floor(time / 300)) });
  for (let n = draw.whole(0, 4); n > 0; n--) {
    state(day + draw.between(0, DAY), draw.logNormal(4000, 1), 'kernel_modules', { name: draw.pick(passing) });
  }
  for (let n = draw.whole(2, 6); n > 0; n--) {
    state(day + draw.between(0, DAY), draw.logNormal(3000, 1), 'neighbour', {
      address: `10.20.9.${draw.whole(2, 60)}`,
      mac: `02:00:5e:00:53:${draw.whole(16, 99)}`,
    });
  }
  for (const update of world.updates.filter((time) => time >= day && time < day + DAY)) {
    const later = update + draw.between(0, 5400);
    const release = String(world.updates.indexOf(update) + 1);
    for (const name of ['nf_conntrack', 'snd_usb_audio', 'amdgpu', 'r8169', 'uvc']) {
      state(later, Infinity, 'kernel_modules', { name: `${name}_${release}` });
    }
    for (const [n, name] of ['nm-applet', 'xdg-user-dirs'].entries()) {
      const mtime = String(Math.floor(later));
      state(later, Infinity, 'autostart', {
        path: `/etc/xdg/autostart/${name}.desktop`,
        uid: '0',
        mtime,
        size: String(180 + n),
      });
    }
  }
  return [...all, ...machineNews(world, host, day)];
}

const gatewayOf = (host: string): Record<string, string> => ({
  address: '10.20.0.1',
  mac: `02:00:5e:00:53:0${host.length % 10}`,
  interface: 'enp3s0',
});
