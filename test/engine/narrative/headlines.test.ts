/** Each template, word by word, in both languages. */
import { describe, expect, it } from 'vitest';

import { textOf } from '../../../src-main/contract/story/tell.ts';
import { connect, headline, open, row, start, times, told, typed, type Row } from './tell.ts';

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
    en: 'New login over ssh from 203.0.113.9, never before',
    de: 'Neue Anmeldung über ssh von 203.0.113.9, vorher nie',
  },
  'a login from elsewhere': {
    acts: [login],
    past: [login],
    en: 'New login from 203.0.113.9, once before',
    de: 'Neue Anmeldung von 203.0.113.9, vorher einmal',
  },
  'a program where anybody can write': {
    acts: [typed('chmod'), start('/tmp/m/xmrig', 'bash')],
    en: 'A program in /tmp/m was started by bash (runs commands): xmrig (its name says: earns digital money with this computer’s power), never before',
    de: 'Ein Programm in /tmp/m wurde von bash (führt Befehle aus) gestartet: xmrig (dem Namen nach: verdient digitales Geld mit der Kraft dieses Rechners), vorher nie',
  },
  'a program of which no parent is told': {
    acts: [row('ev_process', { path: '/dev/shm/x', uid: '1000' })],
    en: 'A program in /dev/shm was started: x (ubad does not know it), never before',
    de: 'Ein Programm in /dev/shm wurde gestartet: x (ubad unbekannt), vorher nie',
  },
  'a hidden program': {
    acts: [start('/home/alice/.x/run', 'cron')],
    past: times(3, start('/home/alice/.x/run', 'cron')),
    en: 'A program in the hidden folder /home/alice/.x was started by cron (has programs started at set times): run (ubad does not know it), 3 times before',
    de: 'Ein Programm im versteckten Ordner /home/alice/.x wurde von cron (lässt Programme zu festen Zeiten starten) gestartet: run (ubad unbekannt), vorher 3-mal',
  },
  'a hidden program of which no parent is told': {
    acts: [start('/home/alice/.x/run')],
    en: 'A program in the hidden folder /home/alice/.x was started: run (ubad does not know it), never before',
    de: 'Ein Programm im versteckten Ordner /home/alice/.x wurde gestartet: run (ubad unbekannt), vorher nie',
  },
  'a document that starts a shell': {
    acts: [start('/usr/bin/dash', 'soffice.bin')],
    past: times(30, start('/usr/bin/dash', 'make')),
    en: 'soffice.bin (opens office documents) started a shell, which runs commands: dash, never in the day before',
    de: 'soffice.bin (öffnet Office-Dokumente) hat eine Shell gestartet, die Befehle ausführt: dash, am Tag davor nie',
  },
  'a shell with a connection': {
    acts: [connect('/usr/bin/bash', '198.51.100.7', '4444')],
    en: 'bash (runs commands) opened a connection to 198.51.100.7:4444, never before',
    de: 'bash (führt Befehle aus) hat sich mit 198.51.100.7:4444 verbunden, vorher nie',
  },
  'a hidden program with a connection': {
    acts: [connect('/var/tmp/.f/kworker', '2001:db8:0:0::1', '443')],
    en: 'kworker (ubad does not know it) in /var/tmp/.f opened a connection to [2001:db8::1]:443, never before',
    de: 'kworker (ubad unbekannt) in /var/tmp/.f hat sich mit [2001:db8::1]:443 verbunden, vorher nie',
  },
  'an ssh key': {
    acts: [row('authorized_keys', key)],
    en: 'An SSH key was added, with which its owner can log in: x@y (/home/alice/.ssh/authorized_keys)',
    de: 'Ein SSH-Schlüssel kam dazu, mit dem sich sein Besitzer anmelden kann: x@y (/home/alice/.ssh/authorized_keys)',
  },
  'a cron job': {
    acts: [row('crontab', { path: '/var/spool/cron/crontabs/alice', minute: '*/5', verb: '/tmp/upd' })],
    en: 'A cron job was added to alice’s crontab, which starts /tmp/upd again and again',
    de: 'Im Crontab von alice kam ein Cron-Auftrag dazu, der immer wieder /tmp/upd startet',
  },
  'a cron job of the system': {
    acts: [row('crontab', { path: '/etc/cron.d/x', minute: '*/5', verb: '/tmp/upd' })],
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
    en: `cp (copies files) opened a sensitive file (${secret}), then curl (fetches or sends files) connected to 203.0.113.77:443`,
    de: `cp (kopiert Dateien) hat eine vertrauliche Datei geöffnet (${secret}), dann hat sich curl (holt oder schickt Dateien) mit 203.0.113.77:443 verbunden`,
  },
  'files that were read and a connection after it': {
    acts: [open(cp, secret), open(cp, '/etc/shadow'), connect('/usr/bin/curl', '203.0.113.77')],
    en: 'cp (copies files) opened 2 sensitive files, then curl (fetches or sends files) connected to 203.0.113.77:443',
    de: 'cp (kopiert Dateien) hat 2 vertrauliche Dateien geöffnet, dann hat sich curl (holt oder schickt Dateien) mit 203.0.113.77:443 verbunden',
  },
  'a file that was read': {
    acts: [open(cp, secret)],
    en: `cp (copies files) opened a sensitive file: ${secret}, never before`,
    de: `cp (kopiert Dateien) hat eine vertrauliche Datei geöffnet: ${secret}, vorher nie`,
  },
  'files that were read': {
    acts: [open(cp, secret), open(cp, '/etc/shadow')],
    en: `cp (copies files) opened 2 sensitive files, among them ${secret}, never before`,
    de: `cp (kopiert Dateien) hat 2 vertrauliche Dateien geöffnet, darunter ${secret}, vorher nie`,
  },
  'a device': {
    acts: [row('usb', { vendor: 'Phison', model: 'USB DISK 2.0', serial: '7', vendor_id: '13fe', model_id: '4300' })],
    en: 'A device was plugged in: Phison USB DISK 2.0, never before',
    de: 'Ein Gerät wurde angesteckt: Phison USB DISK 2.0, vorher nie',
  },
  'a kernel module': {
    acts: [row('kernel_modules', { name: 'rootkit' })],
    en: 'The kernel loaded a module: rootkit, never before',
    de: 'Der Kernel hat ein Modul geladen: rootkit, vorher nie',
  },
  'a gateway': {
    acts: [row('gateway', { address: '192.0.2.66', mac: '02:00:00:00:00:01', interface: 'eth0' })],
    en: 'The machine goes to the network by another gateway: 192.0.2.66, never before',
    de: 'Der Rechner geht über einen anderen Übergang ins Netz: 192.0.2.66, vorher nie',
  },
  'a port for this machine alone': {
    acts: [row('listening', { name: 'node', path: '/usr/bin/node', address: '127.0.0.1', port: '3000' })],
    en: 'node (runs scripts) opened port 3000 for this machine alone, never before',
    de: 'node (führt Skripte aus) hat Port 3000 nur für diesen Rechner geöffnet, vorher nie',
  },
  'a port that a container publishes': {
    acts: [row('listening', { name: 'docker-proxy', path: '/usr/bin/docker-proxy', address: '0.0.0.0', port: '8080' })],
    en: 'A container’s port was opened to others: 8080, by docker-proxy, never before',
    de: 'Der Port eines Containers wurde für andere geöffnet: 8080, von docker-proxy, vorher nie',
  },
  'an open port': {
    acts: [row('listening', { name: 'nc', path: '/usr/bin/nc', address: '0.0.0.0', port: '4444' })],
    en: 'nc (talks to other machines) opened port 4444 to others, never before',
    de: 'nc (spricht mit anderen Rechnern) hat Port 4444 für andere geöffnet, vorher nie',
  },
  'a program': {
    acts: [start('/usr/bin/nmap', 'bash')],
    en: 'A program was started by bash (runs commands): nmap (looks for machines and services on a network), never before',
    de: 'Ein Programm wurde von bash (führt Befehle aus) gestartet: nmap (sucht Rechner und Dienste in einem Netz), vorher nie',
  },
  'a program without a parent': {
    acts: [start('/usr/bin/xcalc')],
    en: 'A program was started: xcalc (ubad does not know it), never before',
    de: 'Ein Programm wurde gestartet: xcalc (ubad unbekannt), vorher nie',
  },
  'a connection': {
    acts: [connect('/usr/bin/rclone', '203.0.113.77')],
    en: 'rclone (fetches or sends files) opened a connection to 203.0.113.77:443, never before',
    de: 'rclone (holt oder schickt Dateien) hat sich mit 203.0.113.77:443 verbunden, vorher nie',
  },
  'a command': {
    acts: [typed('shred')],
    en: 'A command was typed: shred (destroys files for good), never before',
    de: 'Ein Befehl wurde eingegeben: shred (vernichtet Dateien endgültig), vorher nie',
  },
  'something else': {
    acts: [row('ev_user', { type: 'USER_CHAUTHTOK', path: '/usr/bin/passwd' })],
    en: 'Account event: /usr/bin/passwd, never before',
    de: 'Account event: /usr/bin/passwd, vorher nie',
  },
  'somebody else’s habits': {
    acts: times(30, typed('ls')),
    past: times(40, typed('ls')),
    en: 'alice’s last 30 actions are not like alice’s own: no single act tells, the mix and the rhythm do',
    de: 'Die letzten 30 Handlungen von alice sind nicht wie sonst bei alice: keine einzelne fällt auf, aber Mischung und Rhythmus',
  },
  'somebody else’s habits, with what is rarest among them': {
    acts: [...times(28, typed('ls')), typed('vim'), start('/usr/bin/tcpdump', 'sudo')],
    past: [...times(40, typed('ls')), ...times(5, typed('vim')), ...times(3, start('/usr/bin/tcpdump', 'sudo'))],
    en: '30 actions that together are not like alice’s own, as if somebody else were at work; the rarest of them: tcpdump (records network traffic) and vim (changes files by hand)',
    de: '30 Handlungen, die zusammen nicht wie sonst bei alice sind, als wäre jemand anderes am Werk; die seltensten davon: tcpdump (zeichnet Netzverkehr auf) und vim (ändert Dateien von Hand)',
  },
  'somebody else’s habits, of programs for the same': {
    acts: [
      ...times(28, typed('ls')),
      start('/usr/bin/evince', 'xfce4-session'),
      start('/usr/bin/eog', 'xfce4-session'),
    ],
    past: [...times(40, typed('ls')), ...times(2, start('/usr/bin/evince')), ...times(4, start('/usr/bin/eog'))],
    en: '30 actions that together are not like alice’s own, as if somebody else were at work; the rarest of them: evince (shows documents or pictures) and eog',
    de: '30 Handlungen, die zusammen nicht wie sonst bei alice sind, als wäre jemand anderes am Werk; die seltensten davon: evince (zeigt Dokumente oder Bilder) und eog',
  },
  'programs that connected to one address': {
    acts: [connect('/usr/bin/base64', '203.0.113.91'), connect('/usr/bin/xxd', '203.0.113.91'), typed('vi')],
    en: 'base64 (writes data in other characters) and xxd (shows a file byte by byte) connected to one address, 203.0.113.91; neither did before',
    de: 'base64 (schreibt Daten mit anderen Zeichen) und xxd (zeigt eine Datei Byte für Byte) haben sich mit einer Adresse verbunden, 203.0.113.91; beide vorher nie',
  },
  'more programs that connected to one address': {
    acts: ['a', 'b', 'c', 'd'].map((name) => connect(`/usr/bin/${name}1`, '203.0.113.91')),
    en: '4 programs connected to one address, 203.0.113.91, among them a1, b1 and c1; none did before',
    de: '4 Programme haben sich mit einer Adresse verbunden, 203.0.113.91, darunter a1, b1 und c1; keines vorher',
  },
  'a script with a connection, and what started it': {
    acts: [start('/usr/bin/python3', 'soffice.bin'), connect('/usr/bin/python3', '203.0.113.7')],
    en: 'python3 (runs scripts), started by soffice.bin (opens office documents), opened a connection to 203.0.113.7:443, never before',
    de: 'python3 (führt Skripte aus), von soffice.bin (öffnet Office-Dokumente) gestartet, hat sich mit 203.0.113.7:443 verbunden, vorher nie',
  },
  'files that were read and a connection about then': {
    acts: [connect('/usr/bin/curl', '203.0.113.77'), open(cp, secret)],
    en: `cp (copies files) opened a sensitive file (${secret}); about then curl (fetches or sends files) connected to 203.0.113.77:443`,
    de: `cp (kopiert Dateien) hat eine vertrauliche Datei geöffnet (${secret}); etwa da hat sich curl (holt oder schickt Dateien) mit 203.0.113.77:443 verbunden`,
  },
  'a program that is named like a tool, where anybody may put one': {
    acts: [start('/tmp/nmap', 'bash')],
    en: 'A program in /tmp was started by bash (runs commands): nmap (its name says: looks for machines and services on a network), never before',
    de: 'Ein Programm in /tmp wurde von bash (führt Befehle aus) gestartet: nmap (dem Namen nach: sucht Rechner und Dienste in einem Netz), vorher nie',
  },
  'two rare things': {
    acts: [start('/usr/bin/nmap', 'bash'), typed('nmap'), typed('vim')],
    past: [typed('vim')],
    en: 'Rare for alice: nmap (looks for machines and services on a network) and vim (changes files by hand)',
    de: 'Selten bei alice: nmap (sucht Rechner und Dienste in einem Netz) und vim (ändert Dateien von Hand)',
  },
  'three rare things': {
    acts: [typed('vim'), typed('make'), typed('gdbus'), typed('xev')],
    past: [typed('gdbus'), typed('gdbus'), typed('xev')],
    en: 'Rare for alice: vim (changes files by hand), make (builds programs) and gdbus',
    de: 'Selten bei alice: vim (ändert Dateien von Hand), make (baut Programme) und gdbus',
  },
  'many new things': {
    acts: [start('/usr/bin/nmap', 'bash'), typed('nmap'), typed('id'), typed('uname'), typed('curl'), typed('ss')],
    en: '5 things are new for alice, among them nmap (looks for machines and services on a network), curl (fetches or sends files) and id (shows who the user is or who is logged in)',
    de: '5 Dinge sind neu bei alice, darunter nmap (sucht Rechner und Dienste in einem Netz), curl (holt oder schickt Dateien) und id (zeigt, wer der Benutzer ist oder wer angemeldet ist)',
  },
};

describe.each(Object.entries(templates))('%s', (_, { acts, past = [], en, de }) => {
  it('is told in English and in German', () => {
    expect(headline(acts, past)).toBe(en);
    expect(headline(acts, past, 'de')).toBe(de);
  });
});

describe('what heads an alert', () => {
  it('is how it began where what alarms last tells less, and from there it was done', () => {
    const session = (number: number): Row =>
      row('sessions', { cgroup_path: `/user.slice/user-1000.slice/session-${number}.scope` });
    const here = row('logins', { type: 'user', user: 'alice', tty: 'tty7', host: ':0' });
    const login = row('logins', { type: 'user', user: 'alice', tty: 'pts/2', host: '203.0.113.5' });
    const acts = [start('/usr/bin/bash', 'sshd'), login, typed('whois'), typed('echo'), session(2)];
    const { story } = told(acts, [here, session(2), here], undefined, [2, 3]);
    expect(textOf(story.headline, 'en')).toBe('New login over ssh from 203.0.113.5, never before');
    expect(story.where).toMatchObject({ id: 'where.remote', values: { address: '203.0.113.5', tty: 'pts/2' } });
  });

  it('is a container’s port, not what the container runs, of which there is more', () => {
    const acts = [
      start('/usr/bin/podman', 'bash'),
      start('/usr/local/bin/python3.12', 'conmon'),
      connect('/usr/bin/podman', '2001:db8:40::7'),
      row('listening', {
        name: 'rootlessport',
        path: '/usr/lib/podman/rootlessport',
        address: '0.0.0.0',
        port: '8000',
      }),
    ];
    const past = [connect('/usr/bin/podman', '2001:db8:40::9')];
    expect(textOf(told(acts, past, undefined, [0, 1, 2]).story.headline, 'en')).toBe(
      'A container’s port was opened to others: 8000, by rootlessport, never before',
    );
  });

  it('is never what a program does with its own files', () => {
    expect(headline([open('/usr/bin/ssh', '/home/alice/.ssh/known_hosts'), typed('vi')])).toBe(
      'A command was typed: vi (changes files by hand), never before',
    );
  });

  it('is no address more of a program that goes everywhere', () => {
    const past = Array.from({ length: 30 }, (_, n) => connect('/usr/bin/firefox', `198.18.0.${n}`));
    expect(headline([connect('/usr/bin/firefox', '203.0.113.9'), typed('vi')], past)).toContain(
      'A command was typed: vi (changes files by hand), never in the day before',
    );
  });

  it('is no folder from which programs are started every day, hidden or not', () => {
    const past = times(30, start('/home/alice/.cargo/bin/cargo', 'bash'));
    expect(headline([start('/home/alice/.cargo/bin/rg', 'bash')], past)).toBe(
      'A program was started by bash (runs commands): rg (its name says: searches in files), never in the day before',
    );
    expect(headline([start('/home/alice/.cargo/bin/rg', 'bash')], past.slice(0, 20))).toContain('the hidden folder');
  });

  it('is no end of anything', () => {
    expect(headline([{ ...login, change: 'removed' }, typed('w')])).toContain('A command was typed: w');
  });

  it('is not said to be new where not all of the past was looked at', () => {
    const past = times(20_001, typed('ls'));
    expect(headline([login], past)).toBe('New login from 203.0.113.9, never in the 833 days before');
    expect(headline([login], past, 'de')).toBe('Neue Anmeldung von 203.0.113.9, in den 833 Tagen davor nie');
  });
});
