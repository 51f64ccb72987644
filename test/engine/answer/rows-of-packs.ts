/** One row of every query of our packs, with what a person would say that it is about. */
export interface PackRow {
  readonly columns: Readonly<Record<string, string>>;
  /** The fact itself, as a rule about it names it; null: nothing tells it from others of its query. */
  readonly fact: string | null;
  readonly program?: string;
  readonly address?: string;
}

const slice = '/user.slice/user-1000.slice/session-3.scope';
const desk = { uid: '1000', username: 'dave' };

export const rowsOfPacks: Readonly<Record<string, PackRow>> = {
  heartbeat: { columns: { beat: '5000000' }, fact: null },
  sessions: { columns: { cgroup_path: slice }, fact: null },
  logins: {
    columns: { type: 'user', user: 'dave', tty: 'pts/7', host: '203.0.113.190', time: '1', pid: '9' },
    fact: 'exactly this login: from 203.0.113.190 on pts/7',
    address: '203.0.113.190',
  },
  process_start: {
    columns: {
      pid: '7',
      start_time: '1',
      uid: '1000',
      euid: '1000',
      parent: '6',
      parent_name: 'bash',
      name: 'nc',
      path: '/usr/bin/nc',
      on_disk: '1',
      cgroup_path: slice,
    },
    fact: 'exactly this start: /usr/bin/nc by bash',
    program: '/usr/bin/nc',
  },
  net_out: {
    columns: {
      uid: '1000',
      name: 'curl',
      path: '/usr/bin/curl',
      cgroup_path: slice,
      protocol: '6',
      remote_address: '198.51.100.7',
      remote_port: '443',
    },
    fact: 'exactly this connection: curl to 198.51.100.7:443',
    program: '/usr/bin/curl',
    address: '198.51.100.7',
  },
  listening: {
    columns: { uid: '1000', name: 'socat', path: '/usr/bin/socat', protocol: '6', address: '0.0.0.0', port: '4444' },
    fact: 'exactly this: socat opens port 4444',
    program: '/usr/bin/socat',
  },
  shell_verb: {
    columns: { ...desk, time: '1', verb: 'wget', len: '40', history_file: '/home/dave/.bash_history' },
    fact: 'the command wget',
    program: 'wget',
  },
  media: {
    columns: { device: '/dev/sdb1', path: '/media/dave/STICK', type: 'vfat' },
    fact: 'this device (/dev/sdb1 /media/dave/STICK)',
  },
  usb: {
    columns: { vendor_id: '0781', model_id: '5581', vendor: 'SanDisk', model: 'Ultra', serial: 'AA', removable: '-1' },
    fact: 'this device (SanDisk Ultra)',
  },
  kernel_modules: { columns: { name: 'usb_storage' }, fact: 'this kernel module (usb_storage)' },
  gateway: {
    columns: { address: '192.0.2.1', mac: '02:00:5e:00:53:01', interface: 'eth0' },
    fact: 'this gateway (192.0.2.1)',
  },
  sensitive_open: {
    columns: { uid: '1000', name: 'tar', exe: '/usr/bin/tar', path: '/home/dave/.ssh/id_ed25519' },
    fact: 'exactly this: tar opens /home/dave/.ssh/id_ed25519',
    program: '/usr/bin/tar',
  },
  users: {
    columns: { uid: '1001', gid: '1001', username: 'helper', directory: '/home/helper', shell: '/bin/bash' },
    fact: 'this user account (helper)',
  },
  admins: { columns: { uid: '1001', groupname: 'sudo' }, fact: 'this membership (sudo (uid 1001))' },
  authorized_keys: {
    columns: { ...desk, algorithm: 'ssh-ed25519', comment: 'x@evil', key_file: '/home/dave/.ssh/authorized_keys' },
    fact: 'this SSH key (x@evil, /home/dave/.ssh/authorized_keys)',
  },
  crontab: {
    columns: {
      path: '/var/spool/cron/crontabs/dave',
      minute: '*',
      hour: '*',
      day_of_month: '*',
      month: '*',
      day_of_week: '*',
      verb: 'sh /tmp/.x/run',
    },
    fact: 'this cron job (sh /tmp/.x/run, /var/spool/cron/crontabs/dave)',
  },
  autostart: {
    columns: { path: '/home/dave/.config/autostart/sync.desktop', uid: '1000', mtime: '1', size: '120' },
    fact: 'this autostart entry (/home/dave/.config/autostart/sync.desktop), whatever it starts',
  },
  sudoers: {
    columns: { source: '/etc/sudoers.d/x', header: 'dave', rule_details: 'ALL=(ALL) NOPASSWD: ALL' },
    fact: 'this sudo rule (dave ALL=(ALL) NOPASSWD: ALL)',
  },
  denylisted: {
    columns: { name: 'net_out', denylisted: '1' },
    fact: 'exactly this: Query stopped by osquery (1 net_out)',
  },
  ev_process: {
    columns: {
      pid: '7',
      parent: '6',
      path: '/usr/bin/nmap',
      auid: '1000',
      uid: '1000',
      euid: '1000',
      syscall: 'execve',
      time: '1',
    },
    fact: 'exactly this start: /usr/bin/nmap',
    program: '/usr/bin/nmap',
  },
  ev_socket: {
    columns: {
      pid: '7',
      path: '/usr/bin/ssh',
      auid: '1000',
      family: '2',
      remote_address: '198.51.100.9',
      remote_port: '22',
      status: 'succeeded',
      time: '1',
    },
    fact: 'exactly this connection: ssh to 198.51.100.9:22',
    program: '/usr/bin/ssh',
    address: '198.51.100.9',
  },
  ev_user: {
    columns: {
      uid: '0',
      auid: '1000',
      pid: '9',
      type: 'USER_LOGIN',
      path: '/usr/sbin/sshd',
      address: '203.0.113.5',
      terminal: 'ssh',
      message: 'op=login',
      time: '1',
    },
    fact: 'exactly this login: from 203.0.113.5 on ssh',
    program: '/usr/sbin/sshd',
    address: '203.0.113.5',
  },
  ev_hardware: {
    columns: {
      action: 'add',
      type: 'usb',
      driver: 'usb-storage',
      vendor: 'Kingston',
      vendor_id: '0951',
      model: 'DT101',
      model_id: '1642',
      serial: 'BB',
      time: '1',
    },
    fact: 'this device (Kingston DT101)',
  },
  ev_syslog: {
    columns: { time: '1', facility: 'auth', severity: '5', tag: 'su', message: 'to root' },
    fact: 'exactly this: Authentication message (auth 5 su)',
  },
};
