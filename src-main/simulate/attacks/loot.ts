import type { Attack } from './attack.ts';

/** Files leave on a stick. */
const usb: Attack = {
  id: 'usb',
  name: 'USB exfiltration',
  mitre: 'T1052.001',
  run({ victim, draw, actor }, strength) {
    const thief = actor();
    const stick = {
      vendor_id: '13fe',
      model_id: '4300',
      vendor: 'Phison',
      model: 'USB DISK 2.0',
      serial: `07${draw.whole(100_000, 999_999)}`,
      removable: '1' as const,
    };
    const loud = strength === 'loud';
    thief.plug(stick, `/media/${victim.name}/STICK`, loud ? 1800 : 400);
    if (!loud) {
      thief.wait(30).run('thunar', { lasts: 200, opens: ['Documents'] });
      return;
    }
    for (const command of [
      'lsblk',
      'cd Documents',
      'tar czf all.tgz .',
      'cp -r . /media',
      'rsync -a Projects',
      'cp .ssh',
      'sync',
      'umount x',
    ]) {
      thief.wait(25).type(command);
    }
    for (let n = 0; n < 80; n++) {
      thief.time += draw.between(0.3, 6);
      thief.read(`/home/${victim.name}/Documents/${n}.odt`, 'cp', '/usr/bin/cp', 40);
    }
    thief.read(`/home/${victim.name}/.ssh/id_ed25519`, 'cp', '/usr/bin/cp', 130);
  },
};

/** Everything is opened, one after the other. */
const massFiles: Attack = {
  id: 'mass-files',
  name: 'mass file access',
  mitre: 'T1005',
  run({ victim, draw, actor }, strength) {
    const thief = actor();
    const loud = strength === 'loud';
    const home = `/home/${victim.name}`;
    for (let n = 0; n < (loud ? 220 : 25); n++) {
      thief.time += loud ? draw.between(0.2, 5) : draw.between(60, 200);
      const path = `${home}/${draw.pick(['Documents', 'Projects', 'Pictures', 'mail', '.config'])}/${draw.whole(0, 4000)}`;
      thief.read(path, loud ? 'grep' : 'evince', loud ? '/usr/bin/grep' : '/usr/bin/evince', 60);
      if (n % (loud ? 12 : 5) === 0) {
        if (loud)
          thief.type(
            draw.pick(['find .', 'grep -r invoice', 'cat x', 'strings x', 'file x', 'zip -r a.zip .', 'xargs cat']),
          );
        else thief.run('evince', { lasts: 90 });
      }
      if (loud && n % 40 === 7)
        thief.read(`${home}/.ssh/${draw.pick(['config', 'id_rsa', 'id_ed25519'])}`, 'grep', '/usr/bin/grep', 125);
    }
    if (loud) thief.connect('203.0.113.77', 443, 'rclone', '/usr/bin/rclone', 600);
  },
};

export const lootAttacks = [usb, massFiles];
