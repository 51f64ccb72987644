/** What the shipped queries answer of rows as real machines have them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { osqueryDatabase } from './osquery-database.ts';

type Rows = Parameters<typeof osqueryDatabase>[0];
interface PackFile {
  readonly queries: Record<string, { readonly query: string }>;
}
const pack = (name: string): PackFile['queries'] =>
  (JSON.parse(readFileSync(join(import.meta.dirname, '../../conf', name), 'utf8')) as PackFile).queries;
const queries = { ...pack('user-behavior.json'), ...pack('user-behavior-events.json') };

function answer(query: string, rows: Rows): Record<string, unknown>[] {
  const found = osqueryDatabase(rows).prepare(queries[query]!.query).all();
  return found.map((row) => ({ ...row }));
}
const one = (query: string, column: string, rows: Rows): unknown[] => answer(query, rows).map((row) => row[column]);

const DOMAIN = 1_684_001_104;
const users = [
  { uid: 0, gid: 0, username: 'root', directory: '/root', shell: '/bin/bash' },
  { uid: 33, gid: 33, username: 'www-data', directory: '/var/www', shell: '/usr/sbin/nologin' },
  { uid: 1000, gid: 1000, username: 'ann', directory: '/home/ann', shell: '/bin/bash' },
  { uid: 1001, gid: 1001, username: 'ben', directory: '/var/home/ben', shell: '/bin/bash' },
  { uid: 1002, gid: 1002, username: 'cid', directory: '/export/home/cid', shell: '/bin/zsh' },
  { uid: DOMAIN, gid: 5, username: 'dom', directory: '/home/EXAMPLE/dom', shell: '/bin/bash' },
  { uid: 65_534, gid: 65_534, username: 'nobody', directory: '/nonexistent', shell: '/usr/sbin/nologin' },
];
const session = (uid: number): string => `/user.slice/user-${uid}.slice/session-3.scope`;
const processes = [
  { pid: 1, name: 'systemd', path: '/usr/lib/systemd/systemd', uid: 0, euid: 0, parent: 0, cgroup_path: '/init.scope' },
  { pid: 7, name: 'cat', path: '/usr/bin/cat', uid: 1001, euid: 1001, parent: 1, start_time: 9, on_disk: 1 },
  { pid: 8, name: 'sudo', path: '/usr/bin/sudo', uid: 0, euid: 0, parent: 7, cgroup_path: session(1001) },
  { pid: 9, name: 'bash', path: '/bin/bash', uid: DOMAIN, euid: DOMAIN, parent: 99, cgroup_path: session(DOMAIN) },
  {
    pid: 10,
    name: 'cron',
    path: '/usr/sbin/cron',
    uid: 0,
    euid: 0,
    parent: 1,
    cgroup_path: '/system.slice/cron.service',
  },
];

/** As osquery's tables write addresses of this machine itself, and of others. */
const here = [
  ...['', '0.0.0.0', '::', '::1', '127.0.0.1', '127.0.0.53', '127.0.1.1', '::ffff:127.0.0.1', '::ffff:7f00:1'],
  ...['0000:0000:0000:0000:0000:0000:0000:0001', '0000:0000:0000:0000:0000:0000:0000:0000'],
  '0000:0000:0000:0000:0000:ffff:7f00:0035',
];
const elsewhere = [
  '203.0.113.9',
  '10.0.0.127',
  '2001:db8::1',
  '::ffff:203.0.113.9',
  '0000:0000:0000:0000:0000:ffff:cb00:7109',
];

describe('people are found', () => {
  it('in process_start: of a domain, behind sudo, with a parent that has ended', () => {
    expect(one('process_start', 'pid', { processes })).toEqual([7, 8, 9]);
    expect(one('process_start', 'parent_name', { processes })).toEqual(['systemd', 'cat', null]);
  });

  it('in sessions: whoever is logged in', () => {
    expect(one('sessions', 'cgroup_path', { processes })).toEqual([session(1001), session(DOMAIN)]);
  });

  it('in ev_process and ev_socket: of a domain, and no services, nobody, unset', () => {
    const auids = [0, 33, 999, 1000, 60_001, 61_184, 65_534, 200_001, DOMAIN, 4_294_967_295];
    const people = [1000, 60_001, 200_001, DOMAIN];
    const started = auids.map((auid) => ({ auid, path: '/usr/bin/curl', syscall: 'execve' }));
    expect(one('ev_process', 'auid', { process_events: started })).toEqual(people);
    const connected = auids.map((auid) => ({ auid, action: 'connect', remote_address: '203.0.113.9' }));
    expect(one('ev_socket', 'auid', { socket_events: connected })).toEqual(people);
  });

  it('in shell_verb: wherever their homes lie; root too, services not', () => {
    const shell_history = users.map(({ uid, directory }) => {
      return { uid, time: 0, command: 'nc  -e sh', history_file: `${directory}/.bash_history` };
    });
    const told = answer('shell_verb', { users, shell_history });
    expect(told.map(({ username }) => username)).toEqual(['root', 'ann', 'ben', 'cid', 'dom']);
    expect(new Set(told.map(({ verb, len }) => `${String(verb)} ${String(len)}`))).toEqual(new Set(['nc 9']));
  });

  it('in autostart: wherever their homes lie, and that of all', () => {
    const file = [...users.map(({ directory }) => directory), '/home/gone'].map((home) => {
      return { path: `${home}/.config/autostart/x.desktop`, filename: 'x.desktop', uid: 1, mtime: 1, size: 2 };
    });
    const all = { path: '/etc/xdg/autostart/y.desktop', filename: 'y.desktop', uid: 0, mtime: 1, size: 2 };
    const told = one('autostart', 'path', { users, file: [...file, all] });
    expect(told).toContain('/etc/xdg/autostart/y.desktop');
    for (const home of ['/home/ann', '/var/home/ben', '/export/home/cid', '/home/EXAMPLE/dom', '/root'])
      expect(told).toContain(`${home}/.config/autostart/x.desktop`);
    expect(told).not.toContain('/home/gone/.config/autostart/x.desktop');
  });

  it('in users, admins and authorized_keys', () => {
    expect(answer('users', { users })).toHaveLength(users.length);
    const groups = ['sudo', 'wheel', 'docker', 'users'].map((groupname, gid) => ({ gid, groupname }));
    const user_groups = groups.map(({ gid }) => ({ uid: 1000, gid }));
    expect(one('admins', 'groupname', { groups, user_groups })).toEqual(['sudo', 'wheel', 'docker']);
    const authorized_keys = [
      { uid: 0, algorithm: 'ssh-ed25519', comment: 'x', key_file: '/root/.ssh/authorized_keys' },
    ];
    expect(one('authorized_keys', 'username', { users, authorized_keys })).toEqual(['root']);
  });

  it('in logins: no terminals, no start of the machine', () => {
    const logged_in_users = ['user', 'boot_time', 'login', 'runlevel', 'dead'].map((type) => ({ type, user: type }));
    expect(one('logins', 'user', { logged_in_users })).toEqual(['user']);
  });
});

describe('what stays on this machine is no connection out', () => {
  const addresses = [...here, ...elsewhere];

  it('in net_out', () => {
    const sockets = addresses.map((remote_address) => {
      return { pid: 9, family: remote_address.includes(':') ? 10 : 2, protocol: 6, remote_address, remote_port: 443 };
    });
    const unix = { pid: 9, family: 1, protocol: 0, remote_address: '', remote_port: 0 };
    expect(one('net_out', 'remote_address', { processes, process_open_sockets: [...sockets, unix] })).toEqual(
      elsewhere,
    );
  });

  it('in ev_socket', () => {
    const socket_events = addresses.map((remote_address) => ({ action: 'connect', auid: 1000, remote_address }));
    const bound = { action: 'bind', auid: 1000, remote_address: '203.0.113.9' };
    expect(one('ev_socket', 'remote_address', { socket_events: [...socket_events, bound] })).toEqual(elsewhere);
  });
});

it('sensitive_open tells keys and passwords of people and of root, of each browser, and of the system', () => {
  const secret = [
    ...['/home/ann/.ssh/id_ed25519', '/var/home/ben/.ssh/id_ed25519', '/root/.ssh/id_rsa', '/root/.gnupg/pubring.kbx'],
    ...['/etc/shadow', '/etc/gshadow', '/etc/sudoers', '/etc/sudoers.d/x', '/etc/ssh/ssh_host_ed25519_key'],
    ...['/home/ann/.mozilla/firefox/x/key4.db', '/home/ann/.mozilla/firefox/x/logins.json'],
    ...[
      '/home/ann/snap/firefox/common/.mozilla/firefox/x/key4.db',
      '/home/ann/.config/google-chrome/Default/Login Data',
    ],
    ...['/home/ann/.var/app/com.brave.Browser/config/BraveSoftware/Brave-Browser/Default/Login Data'],
    ...['/home/ann/.local/share/keyrings/login.keyring', '/home/ann/.local/share/kwalletd/kdewallet.kwl'],
  ];
  const ordinary = [
    '/home/ann/notes.txt',
    '/etc/passwd',
    '/home/ann/.config/google-chrome/Default/History',
    '/etc/ssh/ssh_config',
  ];
  const process_open_files = [...secret, ...ordinary].map((path) => ({ pid: 7, path }));
  expect(one('sensitive_open', 'path', { processes, process_open_files })).toEqual(secret);
});

it('crontab tells who runs what when: without the user of system tables, with @reboot, with an interpreter’s script', () => {
  const every = { minute: '17', hour: '*', day_of_month: '*', month: '*', day_of_week: '*' };
  const own = '/var/spool/cron/crontabs/ann';
  const crontab = [
    { ...every, command: 'root cd / && run-parts --report /etc/cron.hourly', path: '/etc/crontab' },
    { ...every, command: 'root /tmp/.x/beacon --now', path: '/etc/crontab' },
    { ...every, command: 'www-data php -f /var/www/cron.php', path: '/etc/cron.d/php' },
    { event: '@reboot', command: '/home/ann/b', path: own },
    { event: '@daily', command: '/home/ann/b', path: own },
    { ...every, event: '', command: '/usr/bin/python3 /home/ann/backup.py --password x', path: own },
    { ...every, event: '', command: '/usr/bin/python3 /tmp/.evil.py', path: own },
  ];
  expect(answer('crontab', { crontab }).map(({ minute, verb }) => [minute, verb])).toEqual([
    ['17', 'cd /'],
    ['17', '/tmp/.x/beacon'],
    ['17', 'php /var/www/cron.php'],
    ['@reboot', '/home/ann/b'],
    ['@daily', '/home/ann/b'],
    ['17', '/usr/bin/python3 /home/ann/backup.py'],
    ['17', '/usr/bin/python3 /tmp/.evil.py'],
  ]);
});

describe('media', () => {
  it('tells where a medium is mounted, with its device and its file system', () => {
    const file = ['/media/ann/STICK', '/run/media/ben/1234-ABCD', '/media/ann/note.txt', '/home/ann/x'].map((path) => {
      const filename = path.slice(path.lastIndexOf('/') + 1);
      return { path, filename, type: filename.endsWith('.txt') ? 'regular' : 'directory' };
    });
    const block_devices = [
      { name: '/dev/sdb1', label: 'STICK', uuid: 'x', type: 'vfat' },
      { name: '/dev/sdc1', label: '', uuid: '1234-ABCD', type: 'exfat' },
    ];
    expect(answer('media', { file, block_devices })).toEqual([
      { device: '/dev/sdb1', path: '/media/ann/STICK', type: 'vfat' },
      { device: '/dev/sdc1', path: '/run/media/ben/1234-ABCD', type: 'exfat' },
    ]);
    expect(one('media', 'path', { file, block_devices: [] })).toEqual(['/media/ann/STICK', '/run/media/ben/1234-ABCD']);
  });

  it('does not ask for mounts, of which one may be a dead server’s', () => {
    for (const { query } of Object.values(queries)) expect(query).not.toMatch(/\bmounts\b/);
  });
});

describe('the others', () => {
  it.each([
    ['heartbeat', 'beat', { time: [{ unix_time: 1_750_000_000 }] }, [5_833_333]],
    [
      'listening',
      'port',
      {
        processes,
        listening_ports: [
          { pid: 9, port: 8080, protocol: 6, family: 2, address: '0.0.0.0' },
          { pid: 9, port: 40_000, protocol: 17, family: 2, address: '0.0.0.0' },
          { pid: 9, port: 0, protocol: 0, family: 1, address: '' },
        ],
      },
      [8080],
    ],
    [
      'usb',
      'model',
      {
        usb_devices: [
          { vendor_id: '1d6b', model: 'hub' },
          { vendor_id: '0781', model: 'Ultra' },
        ],
      },
      ['Ultra'],
    ],
    [
      'kernel_modules',
      'name',
      {
        kernel_modules: [
          { name: 'a', status: 'Live' },
          { name: 'b', status: 'Unloading' },
        ],
      },
      ['a'],
    ],
    [
      'gateway',
      'mac',
      {
        arp_cache: [
          { address: '192.0.2.1', mac: '02:00:00:00:00:01', interface: 'eth0' },
          { address: '192.0.2.9', mac: 'x' },
        ],
        routes: [
          { gateway: '192.0.2.1', destination: '0.0.0.0' },
          { gateway: '192.0.2.9', destination: '10.0.0.0' },
        ],
      },
      ['02:00:00:00:00:01'],
    ],
    ['sudoers', 'header', { sudoers: [{ source: '/etc/sudoers', header: '%sudo', rule_details: 'ALL' }] }, ['%sudo']],
    [
      'denylisted',
      'name',
      {
        osquery_schedule: [
          { name: 'a', denylisted: 1 },
          { name: 'b', denylisted: 0 },
        ],
      },
      ['a'],
    ],
    ['ev_user', 'message', { user_events: [{ message: 'op=login res=success' }] }, ['op=login res=success']],
    ['ev_hardware', 'model', { hardware_events: [{ action: 'add', model: 'Ultra' }] }, ['Ultra']],
    [
      'ev_syslog',
      'tag',
      {
        syslog_events: [
          ...['sudo:', 'sshd[812]:', 'sudo[99]:', 'sshd-session[9]:', 'login'].map((tag) => ({
            facility: 'authpriv',
            tag,
          })),
          { facility: 'kern', tag: 'kernel:' },
        ],
      },
      ['sudo', 'sshd', 'sudo', 'sshd', 'login'],
    ],
  ] as [string, string, Rows, unknown[]][])('%s', (query, column, rows, expected) => {
    expect(one(query, column, rows)).toEqual(expected);
  });

  it('each query of the packs stands in this file', () => {
    const text = readFileSync(import.meta.filename, 'utf8');
    expect(Object.keys(queries).filter((query) => !new RegExp(`\\b${query}\\b`).test(text))).toEqual([]);
  });
});
