/** Each template, word by word, in both languages. */
import { describe, expect, it } from 'vitest';

import { connect, headline, open, row, start, times, typed, type Row } from './tell.ts';

const login = row('logins', { type: 'user', user: 'alice', tty: 'pts/7', host: '203.0.113.9' });
const key = {
  username: 'alice',
  algorithm: 'ssh-ed25519',
  comment: 'x@y',
  key_file: '/home/alice/.ssh/authorized_keys',
};
const secret = '/home/alice/.ssh/id_rsa';
const cp = '/usr/bin/cp';

interface Template {
  readonly acts: readonly Row[];
  readonly past?: readonly Row[];
  readonly en: string;
  readonly de: string;
}

const templates: Readonly<Record<string, Template>> = {
  'a login over ssh': {
    acts: [start('/usr/bin/bash', 'sshd'), login, typed('ls')],
    en: 'New login over ssh from 203.0.113.9, never seen before',
    de: 'Neue Anmeldung über ssh von 203.0.113.9, vorher nie gesehen',
  },
  'a login from elsewhere': {
    acts: [login],
    past: [login],
    en: 'New login from 203.0.113.9, seen once before',
    de: 'Neue Anmeldung von 203.0.113.9, vorher einmal gesehen',
  },
  'a program where anybody can write': {
    acts: [typed('chmod'), start('/tmp/m/xmrig', 'bash')],
    en: 'A program in /tmp/m was started by bash: xmrig, never seen before',
    de: 'Ein Programm in /tmp/m wurde von bash gestartet: xmrig, vorher nie gesehen',
  },
  'a program of which no parent is told': {
    acts: [row('ev_process', { path: '/dev/shm/x', uid: '1000' })],
    en: 'A program in /dev/shm was started: x, never seen before',
    de: 'Ein Programm in /dev/shm wurde gestartet: x, vorher nie gesehen',
  },
  'a hidden program': {
    acts: [start('/home/alice/.x/run', 'cron')],
    past: times(3, start('/home/alice/.x/run', 'cron')),
    en: 'A program in the hidden folder /home/alice/.x was started by cron: run, seen 3 times before',
    de: 'Ein Programm im versteckten Ordner /home/alice/.x wurde von cron gestartet: run, vorher 3-mal gesehen',
  },
  'a hidden program of which no parent is told': {
    acts: [start('/home/alice/.x/run')],
    en: 'A program in the hidden folder /home/alice/.x was started: run, never seen before',
    de: 'Ein Programm im versteckten Ordner /home/alice/.x wurde gestartet: run, vorher nie gesehen',
  },
  'a document that starts a shell': {
    acts: [start('/usr/bin/dash', 'soffice.bin')],
    past: times(30, start('/usr/bin/dash', 'make')),
    en: 'soffice.bin started a shell: dash, never seen before',
    de: 'soffice.bin hat eine Shell gestartet: dash, vorher nie gesehen',
  },
  'a shell with a connection': {
    acts: [connect('/usr/bin/bash', '198.51.100.7', '4444')],
    en: 'bash opened a connection to 198.51.100.7:4444, never seen before',
    de: 'bash hat sich mit 198.51.100.7:4444 verbunden, vorher nie gesehen',
  },
  'a hidden program with a connection': {
    acts: [connect('/var/tmp/.f/kworker', '2001:db8:0:0::1', '443')],
    en: 'kworker in /var/tmp/.f opened a connection to [2001:db8::1]:443, never seen before',
    de: 'kworker in /var/tmp/.f hat sich mit [2001:db8::1]:443 verbunden, vorher nie gesehen',
  },
  'an ssh key': {
    acts: [row('authorized_keys', key)],
    en: 'An SSH key was added, which lets its owner log in: x@y /home/alice/.ssh/authorized_keys',
    de: 'Ein SSH-Schlüssel kam dazu, mit dem sich sein Besitzer anmelden kann: x@y /home/alice/.ssh/authorized_keys',
  },
  'a cron job': {
    acts: [row('crontab', { path: '/var/spool/cron/crontabs/alice', minute: '*/5', verb: '/tmp/upd' })],
    en: 'A cron job was added, which starts /tmp/upd again and again',
    de: 'Ein Cron-Auftrag kam dazu, der immer wieder /tmp/upd startet',
  },
  'an autostart entry': {
    acts: [row('autostart', { path: '/home/alice/.config/autostart/u.desktop', uid: '1000', size: '9' })],
    en: 'An autostart entry was added, which starts a program at each login: /home/alice/.config/autostart/u.desktop',
    de: 'Ein Autostart-Eintrag kam dazu, der bei jeder Anmeldung ein Programm startet: /home/alice/.config/autostart/u.desktop',
  },
  'a service': {
    acts: [row('systemd_units', { id: 'upd.service' })],
    en: 'A service was added, which starts by itself: upd.service',
    de: 'Ein Dienst kam dazu, der von selbst startet: upd.service',
  },
  'a user account': {
    acts: [row('users', { uid: '1007', username: 'eve', directory: '/home/eve', shell: '/bin/bash' })],
    en: 'A user account was added: eve',
    de: 'Ein Benutzerkonto kam dazu: eve',
  },
  'rights of an account': {
    acts: [row('admins', { uid: '1007', groupname: 'sudo' })],
    en: 'An account was given the rights of the group sudo (uid 1007)',
    de: 'Ein Konto bekam die Rechte der Gruppe sudo (uid 1007)',
  },
  'a sudo rule': {
    acts: [row('sudoers', { source: '/etc/sudoers.d/x', header: 'alice', rule_details: 'ALL=(ALL) NOPASSWD: ALL' })],
    en: 'A sudo rule was added, which gives the rights of root: alice ALL=(ALL) NOPASSWD: ALL',
    de: 'Eine Sudo-Regel kam dazu, die Rechte von root gibt: alice ALL=(ALL) NOPASSWD: ALL',
  },
  'a file that was read and a connection after it': {
    acts: [open(cp, secret), connect('/usr/bin/curl', '203.0.113.77')],
    en: `cp opened a sensitive file (${secret}), then curl connected to 203.0.113.77:443`,
    de: `cp hat eine vertrauliche Datei geöffnet (${secret}), dann hat sich curl mit 203.0.113.77:443 verbunden`,
  },
  'files that were read and a connection after it': {
    acts: [open(cp, secret), open(cp, '/etc/shadow'), connect('/usr/bin/curl', '203.0.113.77')],
    en: 'cp opened 2 sensitive files, then curl connected to 203.0.113.77:443',
    de: 'cp hat 2 vertrauliche Dateien geöffnet, dann hat sich curl mit 203.0.113.77:443 verbunden',
  },
  'a file that was read': {
    acts: [open(cp, secret)],
    en: `cp opened a sensitive file: ${secret}, never seen before`,
    de: `cp hat eine vertrauliche Datei geöffnet: ${secret}, vorher nie gesehen`,
  },
  'files that were read': {
    acts: [open(cp, secret), open(cp, '/etc/shadow')],
    en: `cp opened 2 sensitive files, among them ${secret}, never seen before`,
    de: `cp hat 2 vertrauliche Dateien geöffnet, darunter ${secret}, vorher nie gesehen`,
  },
  'a device': {
    acts: [row('usb', { vendor: 'Phison', model: 'USB DISK 2.0', serial: '7', vendor_id: '13fe', model_id: '4300' })],
    en: 'A device was plugged in: Phison USB DISK 2.0, never seen before',
    de: 'Ein Gerät wurde angesteckt: Phison USB DISK 2.0, vorher nie gesehen',
  },
  'a kernel module': {
    acts: [row('kernel_modules', { name: 'rootkit' })],
    en: 'The kernel loaded a module: rootkit, never seen before',
    de: 'Der Kernel hat ein Modul geladen: rootkit, vorher nie gesehen',
  },
  'a gateway': {
    acts: [row('gateway', { address: '192.0.2.66', mac: '02:00:00:00:00:01', interface: 'eth0' })],
    en: 'The machine goes to the network by another gateway: 192.0.2.66, never seen before',
    de: 'Der Rechner geht über einen anderen Übergang ins Netz: 192.0.2.66, vorher nie gesehen',
  },
  'an open port': {
    acts: [row('listening', { name: 'nc', path: '/usr/bin/nc', address: '0.0.0.0', port: '4444' })],
    en: 'nc opened port 4444 to others, never seen before',
    de: 'nc hat Port 4444 für andere geöffnet, vorher nie gesehen',
  },
  'a program': {
    acts: [start('/usr/bin/nmap', 'bash')],
    en: 'A program was started by bash: nmap, never seen before',
    de: 'Ein Programm wurde von bash gestartet: nmap, vorher nie gesehen',
  },
  'a program without a parent': {
    acts: [start('/usr/bin/nmap')],
    en: 'A program was started: nmap, never seen before',
    de: 'Ein Programm wurde gestartet: nmap, vorher nie gesehen',
  },
  'a connection': {
    acts: [connect('/usr/bin/rclone', '203.0.113.77')],
    en: 'rclone opened a connection to 203.0.113.77:443, never seen before',
    de: 'rclone hat sich mit 203.0.113.77:443 verbunden, vorher nie gesehen',
  },
  'a command': {
    acts: [typed('shred')],
    en: 'A command was typed: shred, never seen before',
    de: 'Ein Befehl wurde eingegeben: shred, vorher nie gesehen',
  },
  'something else': {
    acts: [row('ev_user', { type: 'USER_CHAUTHTOK', path: '/usr/bin/passwd' })],
    en: 'Account event: /usr/bin/passwd, never seen before',
    de: 'Account event: /usr/bin/passwd, vorher nie gesehen',
  },
  'somebody else’s habits': {
    acts: times(30, typed('ls')),
    past: times(40, typed('ls')),
    en: 'alice’s last 30 actions are not like alice’s own: no single act tells, the mix and the rhythm do',
    de: 'Die letzten 30 Handlungen von alice sind nicht wie sonst bei alice: keine einzelne fällt auf, aber Mischung und Rhythmus',
  },
  'two rare things': {
    acts: [start('/usr/bin/nmap', 'bash'), typed('nmap'), typed('whoami')],
    past: [typed('whoami')],
    en: 'Rare for alice: nmap and whoami',
    de: 'Selten bei alice: nmap und whoami',
  },
  'three rare things': {
    acts: [typed('id'), typed('uname'), typed('ss'), typed('ip')],
    past: [typed('ss'), typed('ss'), typed('ip')],
    en: 'Rare for alice: id, uname and ss',
    de: 'Selten bei alice: id, uname und ss',
  },
  'many new things': {
    acts: [start('/usr/bin/nmap', 'bash'), typed('nmap'), typed('id'), typed('uname'), typed('curl'), typed('ss')],
    en: '5 things are new for alice, among them nmap, curl and id',
    de: '5 Dinge sind neu bei alice, darunter nmap, curl und id',
  },
};

describe.each(Object.entries(templates))('%s', (_, { acts, past = [], en, de }) => {
  it('is told in English and in German', () => {
    expect(headline(acts, past)).toBe(en);
    expect(headline(acts, past, 'de')).toBe(de);
  });
});

describe('what heads an alert', () => {
  it('is never what a program does with its own files', () => {
    expect(headline([open('/usr/bin/ssh', '/home/alice/.ssh/known_hosts'), typed('w')])).toBe(
      'A command was typed: w, never seen before',
    );
  });

  it('is no address more of a program that goes everywhere', () => {
    const past = Array.from({ length: 30 }, (_, n) => connect('/usr/bin/firefox', `198.18.0.${n}`));
    expect(headline([connect('/usr/bin/firefox', '203.0.113.9'), typed('w')], past)).toContain('w, never seen');
  });

  it('is no folder from which programs are started every day, hidden or not', () => {
    const past = times(30, start('/home/alice/.cargo/bin/cargo', 'bash'));
    expect(headline([start('/home/alice/.cargo/bin/rg', 'bash')], past)).toBe(
      'A program was started by bash: rg, never seen before',
    );
    expect(headline([start('/home/alice/.cargo/bin/rg', 'bash')], past.slice(0, 20))).toContain('the hidden folder');
  });

  it('is no end of anything', () => {
    expect(headline([{ ...login, change: 'removed' }, typed('w')])).toContain('A command was typed: w');
  });

  it('is not said to be new where not all of the past was looked at', () => {
    const past = times(20_001, typed('ls'));
    expect(headline([login], past)).toBe('New login from 203.0.113.9, not seen in 833 days before');
    expect(headline([login], past, 'de')).toBe('Neue Anmeldung von 203.0.113.9, in 833 Tagen davor nicht gesehen');
  });
});
