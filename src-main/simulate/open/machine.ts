import { Draw } from '../draw.ts';
import type { Device, Happening } from '../happening.ts';
import type { World } from '../world.ts';
import { spelled, toolName } from './names.ts';
import { machineRates } from './rates.ts';

const DAY = 86_400;

/** Modules of devices, file systems and networks that come when something needs them. Source: names in Linux 6.1's tree. */
const modules = `
  hid_logitech_dj hid_multitouch hid_sony xpad snd_usb_audio snd_usbmidi_lib uas exfat ntfs3 hfsplus udf squashfs nfs nfsv4
  cifs sunrpc fscache wireguard ip_gre vxlan macvlan veth br_netfilter xt_MASQUERADE xt_conntrack nft_masq ip_vs tcp_bbr
  sch_fq l2tp_ppp ppp_generic pppoe usbnet r8152 ax88179_178a cdc_mbim qmi_wwan rndis_host ch341 cp210x ftdi_sio pl2303
  usblp gspca_main v4l2loopback dvb_usb rtl8xxxu mt76 ath9k_htc rfcomm bnep hidp vboxdrv vhost_net vfio_pci zfs drbd
  dm_thin_pool dm_raid raid456 nbd zram sg st libcrc32c msr intel_rapl_msr i2c_dev spidev gpio_ich ipmi_si fuse_cuse
`
  .trim()
  .split(/\s+/);

const devices: readonly Omit<Device, 'model_id' | 'serial' | 'removable'>[] = [
  { vendor_id: '1050', vendor: 'Yubico', model: 'YubiKey' },
  { vendor_id: '046d', vendor: 'Logitech, Inc.', model: 'Webcam' },
  { vendor_id: '045e', vendor: 'Microsoft Corp.', model: 'Keyboard' },
  { vendor_id: '0b0e', vendor: 'GN Netcom', model: 'Headset' },
  { vendor_id: '18d1', vendor: 'Google Inc.', model: 'Phone' },
  { vendor_id: '04a9', vendor: 'Canon, Inc.', model: 'Scanner' },
];

/** What comes new to a machine on a day: accounts, members of groups, modules, devices. */
export function machineNews(world: World, host: string, day: number): Happening[] {
  const draw = Draw.of(world.options.seed, host, day, 'machine');
  const at = { host, uid: 0, user: 'root', session: 0 };
  const all: Happening[] = [];
  const times = (aWeek: number): number[] =>
    Array.from({ length: draw.poisson(aWeek / 7) }, () => day + draw.between(0, DAY));
  const state = (time: number, query: string, columns: Record<string, string>, lasts = Infinity): void => {
    all.push({ ...at, time, lasts, kind: 'state', query, columns });
  };
  for (const time of times(machineRates.serviceAccount)) {
    const username = toolName(draw);
    const uid = String(draw.whole(110, 998));
    const shell = '/usr/sbin/nologin';
    state(time, 'users', { uid, gid: uid, username, directory: `/var/lib/${username}`, shell });
  }
  for (const time of times(machineRates.guest)) {
    const username = `${draw.pick(['guest', 'trainee', 'visitor', 'temp'])}${draw.whole(1, 99)}`;
    const uid = String(draw.whole(1010, 1090));
    state(time, 'users', { uid, gid: uid, username, directory: `/home/${username}`, shell: '/bin/bash' });
  }
  const people = world.people.filter((person) => person.host === host);
  for (const time of times(machineRates.group)) {
    const uid = String(draw.pick(people).uid);
    state(time, 'admins', { uid, groupname: draw.pick(['adm', 'docker', 'libvirt', 'lxd', 'sudo', 'wheel']) });
  }
  for (const time of times(machineRates.module)) {
    // The common ones come first; now and then one that a package built.
    const name = draw.chance(0.1) ? `${spelled(draw).replace(/\W.*/, '')}_drv` : modules[draw.rank(modules.length)]!;
    state(time, 'kernel_modules', { name }, draw.logNormal(4000, 1.5));
  }
  for (const time of times(machineRates.device)) {
    const device: Device = {
      ...draw.pick(devices),
      model_id: draw.whole(4096, 65_000).toString(16),
      serial: '',
      removable: '0',
    };
    all.push({ ...at, time, lasts: draw.logNormal(20_000, 1), kind: 'device', device });
  }
  return all;
}
