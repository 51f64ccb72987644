import { describe, expect, test } from 'vitest';

import { Facts, savedFacts } from '../../../models/facts/facts.ts';
import { DAY, key, known, MONDAY, row, start, typed, web, type Row } from './ordinary.ts';

describe('facts of a person', () => {
  test('what is done every day is not new, and says nothing', () => {
    const { facts, now } = known();
    const judged = facts.see(row(now, start('bash', 'git', '/usr/bin/git')));
    expect(judged).toMatchObject({ facts: 0, setting: 0, newFacts: [], tells: true });
  });

  test('a shell of an office program that connects surprises more than a new command of a shell', () => {
    const [one, other] = [known(), known()];
    const command = one.facts.see(row(one.now, typed('htop')));
    const shell = other.facts.see(row(other.now, start('soffice.bin', 'bash', '/usr/bin/bash')));
    const connected = other.facts.see(row(other.now + 20, web('bash', '4444')));
    expect(command.newFacts.map(({ family }) => family)).toEqual(['command other']);
    expect(shell.newFacts.map(({ family }) => family)).toContain('pair document > shell');
    expect(connected.facts).toBeGreaterThan(shell.facts - 1e-9);
    expect(connected.facts).toBeGreaterThan(command.facts + 10);
  });

  test('of a new program counts that it is new, and what it could have been instead', () => {
    const { facts, now } = known();
    const { newFacts, facts: sum } = facts.see(row(now, start('bash', 'x', '/dev/shm/x/x')));
    const ofProgram = Math.max(...newFacts.filter(({ group }) => group === 'place').map(({ surprise }) => surprise));
    const pair = newFacts.find(({ family }) => family === 'pair shell > tmp')!;
    expect(sum).toBeGreaterThan(ofProgram);
    // That its parent never started it follows from its being new.
    expect(sum).toBeLessThan(ofProgram + pair.surprise / 2);
    const other = known();
    const byManager = other.facts.see(row(other.now, start('systemd', 'x', '/dev/shm/x/x'))).facts;
    expect(byManager, 'a service of a folder that anybody may write to').toBeGreaterThan(sum + 2);
  });

  test('a hidden folder of tmp surprises more than tmp, but for an AppImage’s', () => {
    const [hidden, tmp, appImage] = ['/var/tmp/.cache/x', '/var/tmp/x', '/tmp/.mount_ToolAbCdEf/usr/bin/x'].map(
      (path) => {
        const { facts, now } = known();
        const { newFacts, facts: sum } = facts.see(row(now, start('bash', 'x', path)));
        return { sum, families: newFacts.map(({ family }) => family) };
      },
    );
    expect(hidden!.families).toContain('program tmp-hidden tmp-hidden');
    expect(appImage!.families).toContain('pair shell > appimage');
    expect(hidden!.sum).toBeGreaterThan(tmp!.sum + 2);
    expect(hidden!.sum).toBeGreaterThan(appImage!.sum + 2);
  });

  test('a morning of new tools says less than one program that anybody may have put there', () => {
    const tools = known();
    const said = ['rg', 'jq', 'fd', 'htop', 'tokei'].flatMap((name, n) => [
      tools.facts.see(row(tools.now + 20 * n, start('bash', name, `/usr/bin/${name}`))).facts,
      tools.facts.see(row(tools.now + 20 * n + 2, typed(name))).facts,
    ]);
    const implant = known();
    const rows = [
      start('systemd', 'update', '/dev/shm/update', { on_disk: '0' }),
      start('update', 'sh', '/usr/bin/dash'),
      web('sh', '4444'),
    ];
    const last = rows.map((one, n) => implant.facts.see(row(implant.now + n, one)).facts).at(-1)!;
    expect(last).toBeGreaterThan(Math.max(...said) + 5);
  });

  // A new fact makes others of its family likelier that day, more where few come: of AppImages fewer do than of tmp.
  test.each([
    ['/tmp/tool/tool', 0.5],
    ['/tmp/.mount_ToolAbCdEf/usr/bin/tool', 0.6],
  ])('what follows from a new program does so in whatever order the log tells it: %s', (path, within) => {
    const rows = [
      start('thunar', 'Tool.AppImage', '/home/ann/Downloads/Tool.AppImage'),
      start('Tool.AppImage', 'tool', path),
      { ...web('tool'), columns: { ...web('tool').columns, path } },
    ];
    const said = (order: readonly number[]): number => {
      const { facts, now } = known();
      return order.map((at, n) => facts.see(row(now + n, rows[at]!)).facts).at(-1)!;
    };
    const told = said([0, 1, 2]);
    expect(told).toBeGreaterThan(10);
    for (const order of [
      [2, 0, 1],
      [2, 1, 0],
      [1, 2, 0],
    ])
      expect(Math.abs(said(order) - told)).toBeLessThan(within);
  });

  test('a program that starts itself is no less new for that, nor are two that start each other', () => {
    const one = known();
    const alone = one.facts.see(row(one.now, start('x', 'x', '/dev/shm/x'))).facts;
    expect(alone).toBeGreaterThan(10);
    const two = known();
    two.facts.see(row(two.now, start('y', 'x', '/dev/shm/x')));
    expect(two.facts.see(row(two.now + 1, start('x', 'y', '/dev/shm/y'))).facts).toBeGreaterThan(10);
  });

  test('an audit’s row and a poll’s of one act are one act', () => {
    const polled = [
      start('bash', 'npx', '/usr/bin/node'),
      { ...web('npx'), columns: { ...web('npx').columns, path: '/usr/bin/node' } },
    ];
    const audited: Row = {
      query: 'socket_events',
      columns: { path: '/usr/bin/node', remote_address: '203.0.113.9', remote_port: '443' },
    };
    const [once, twice] = [known(), known()];
    const said = polled.map((one, n) => once.facts.see(row(once.now + n, one)).facts).at(-1)!;
    const both = [audited, ...polled].map((one, n) => twice.facts.see(row(twice.now + n, one)).facts).at(-1)!;
    expect(both).toBeLessThan(said + 1);
    // A name is cut where the kernel cuts it; the file's is whole.
    const cut = known();
    cut.facts.see(row(cut.now, start('bash', 'kooz-cli-service', '/usr/lib/kooz/kooz-cli-service')));
    const { newFacts } = cut.facts.see(
      row(cut.now + 1, start('bash', 'kooz-cli-servic', '/usr/lib/kooz/kooz-cli-service')),
    );
    expect(newFacts).toEqual([]);
  });

  test('who comes from another address of a private network comes from there again; elsewhere each address is another', () => {
    const { facts, now } = known();
    const isNew = (host: string): boolean =>
      facts
        .see(row(now, { query: 'last', columns: { user: 'ann', tty: 'pts/1', host } }))
        .newFacts.some(({ family }) => family === 'from');
    for (const [first, other, away] of [
      ['192.168.1.7', '192.168.1.90', '192.168.2.7'],
      ['10.0.3.4', '10.0.3.5', '10.0.4.4'],
      ['172.20.1.1', '172.20.1.2', '172.32.1.2'],
      ['fd12:3456:789a:1::7', 'FD12:3456:789a:1::8', 'fd12:3456:789a:2::7'],
    ] as const)
      expect([first, other, away].map(isNew), first).toEqual([true, false, true]);
    expect(
      ['203.0.113.7', '203.0.113.8', '172.15.0.1', '172.15.0.2', '10.example.org', '10.example.com'].map(isNew),
    ).toEqual(Array(6).fill(true));
  });

  test('whatever runs in a container is one kind of program, and an engine’s helpers are one', () => {
    const { facts, now } = known();
    const familiesOf = (time: number, one: Row): string[] =>
      facts.see(row(time, one)).newFacts.map(({ family }) => family);
    const inside = (name: string): Row =>
      start('conmon', name, `/usr/local/bin/${name}`, { on_disk: '0', pid: '9', parent: '8' });
    expect(familiesOf(now, start('bash', 'podman', '/usr/bin/podman'))).toContain('pair shell > container');
    expect(familiesOf(now + 1, start('systemd', 'conmon', '/usr/bin/conmon', { pid: '8' })), 'a helper').toEqual([]);
    expect(familiesOf(now + 2, inside('node'))).toEqual(['program contained']);
    const child = { columns: { ...start('node', 'npm', '/usr/local/bin/npm', { on_disk: '0' }).columns, parent: '9' } };
    expect(familiesOf(now + 3, child), 'a child of what runs there').toEqual(['program contained']);
    const claimed = start('conmon', 'y', '/usr/local/bin/y', { parent: '99' });
    expect(familiesOf(now + 3, claimed), 'nobody saw that one begin').toContain('place local');
    facts.see(row(now + 4, start('podman', 'rootlessport', '/usr/lib/podman/rootlessport')));
    const published = (port: string): Row => ({
      query: 'open_port',
      columns: { name: 'rootlessport', path: '/usr/lib/podman/rootlessport', port, address: '0.0.0.0' },
    });
    expect(familiesOf(now + 5, published('5432'))).toEqual(['port container']);
    expect(familiesOf(now + 6, published('8080')), 'the number is the image’s').toEqual([]);
    const dressed = start('bash', 'conmon', '/tmp/conmon');
    expect(familiesOf(now + 7, dressed), 'anybody may call a file so').toContain('program tmp tmp');
    const below = start('conmon', 'x', '/tmp/x', { pid: '10', parent: '7' });
    expect(familiesOf(now + 8, below)).toContain('program tmp tmp');
  });

  test('what is gone from the disk tells something where the user may have put it there; in memory too', () => {
    const { facts, now } = known();
    const goneAt = (path: string): boolean =>
      facts
        .see(row(now, start('bash', 'x', path, { on_disk: '0' })))
        .newFacts.some(({ family }) => family === 'deleted');
    expect(['/usr/lib/firefox/x', '/opt/x/x'].map(goneAt), 'renewed with their packages').toEqual([false, false]);
    const own = ['/tmp/x', '/home/ann/.cache/x', '/memfd:x (deleted)'];
    expect(own.map(goneAt)).toEqual([true, true, true]);
  });

  test('of a program that is new it is no news that another one starts it too', () => {
    const [once, twice] = [known(), known()];
    const act = (parent: string): Row => start(parent, 'jq', '/usr/bin/jq');
    const alone = once.facts.see(row(once.now, act('bash'))).facts;
    twice.facts.see(row(twice.now, act('bash')));
    expect(twice.facts.see(row(twice.now + 5, act('xfce4-session'))).facts).toBeLessThan(alone + 5);
  });

  test('what was told does not alarm by itself again for a week, but is not known; forgotten, it is as never met', () => {
    const act = start('soffice.bin', 'bash', '/usr/bin/bash');
    const judged = (facts: Facts, time: number): [number, number] => {
      const { facts: sum, newFacts } = facts.see(row(time, act));
      facts.keep(false);
      return [sum, newFacts.length];
    };
    const { facts, now } = known();
    const [first, count] = judged(facts, now);
    facts.tell();
    for (const day of [1, 3, 6]) expect(judged(facts, now + day * DAY)).toEqual([0, count]);
    const woken = new Facts(false, facts.save());
    expect(judged(woken, now + 6 * DAY + 600)[0]).toBe(0);
    expect(judged(woken, now + 9 * DAY)[0], 'nearly as at first').toBeGreaterThan(first - 5);
    const answered = known();
    judged(answered.facts, answered.now);
    answered.facts.tell();
    answered.facts.forget(row(answered.now, act));
    expect(judged(answered.facts, answered.now + DAY)[0]).toBeGreaterThan(first - 5);
  });

  test('what came more than two minutes before does not count', () => {
    const { facts, now } = known();
    facts.see(row(now, start('soffice.bin', 'bash', '/usr/bin/bash')));
    const alone = facts.see(row(now + 121, web('bash', '4444'))).facts;
    const { facts: again, now: then } = known();
    again.see(row(then, start('soffice.bin', 'bash', '/usr/bin/bash')));
    expect(again.see(row(then + 119, web('bash', '4444'))).facts).toBeGreaterThan(alone + 4);
  });

  test('a fact is known on the third day on which it was seen, and only where those were calm', () => {
    const { facts, now } = known();
    const act = (day: number): number =>
      facts.see(row(now + day * DAY, start('cron', 'sh', '/usr/bin/dash'))).newFacts.length;
    for (const day of [0, 1, 2]) expect(act(day)).toBeGreaterThan(0);
    expect(act(3)).toBe(0);
    const anomalous = known();
    for (let day = 0; day < 5; day++) {
      const { newFacts } = anomalous.facts.see(row(anomalous.now + day * DAY, start('cron', 'sh', '/usr/bin/dash')));
      expect(newFacts.length).toBeGreaterThan(0);
      anomalous.facts.keep(false);
    }
  });

  test('in the first week once is enough where it was calm: there is nothing yet to tell a stranger from', () => {
    const facts = new Facts(false);
    const act = (day: number, calm = true): number => {
      const { newFacts } = facts.see(row(MONDAY + day * DAY, start('cron', 'sh', '/usr/bin/dash')));
      facts.keep(calm);
      return newFacts.length;
    };
    expect(act(0, false)).toBeGreaterThan(0);
    expect(act(1)).toBeGreaterThan(0);
    expect(act(2)).toBe(0);
    const later = (day: number): number =>
      facts.see(row(MONDAY + day * DAY, start('cron', 'id', '/usr/bin/id'))).newFacts.length;
    for (const day of [8, 9, 10]) expect(later(day)).toBeGreaterThan(0);
    expect(later(11)).toBe(0);
  });

  test('twice on one day is once; and what a person calls normal is known at once', () => {
    const { facts, now } = known();
    const act = row(now, start('cron', 'sh', '/usr/bin/dash'));
    expect(facts.see(act).newFacts.length).toBeGreaterThan(0);
    expect(facts.see({ ...act, time: now + 600 }).newFacts).toEqual([]);
    facts.know(act);
    expect(facts.see({ ...act, time: now + DAY }).newFacts).toEqual([]);
  });

  test('a log of one kind of row says nothing', () => {
    const facts = new Facts(false);
    for (let n = 0; n < 3000; n++) facts.see(row(MONDAY + n * 60, typed(`c${'abcdefgh'[n % 8]}`)));
    expect(facts.see(row(MONDAY + 40 * DAY, typed('nc')))).toMatchObject({ facts: 0, tells: false });
  });

  test('an audit row’s parent is the program that was started under its number', () => {
    const { facts, now } = known();
    facts.see(
      row(now, {
        columns: { pid: '900', parent: '1', path: '/usr/lib/libreoffice/program/soffice.bin', syscall: 'execve' },
      }),
    );
    const { newFacts } = facts.see(
      row(now + 1, { columns: { pid: '901', parent: '900', path: '/usr/bin/bash', syscall: 'execve' } }),
    );
    expect(newFacts.map(({ family, key }) => `${family}: ${key}`)).toContain(
      'pair document > shell: soffice.bin > bash',
    );
  });

  test('saved and woken, it goes on to the bit', () => {
    const { facts, now } = known();
    facts.see(row(now, start('soffice.bin', 'bash', '/usr/bin/bash')));
    facts.see(row(now + 5, key));
    const saved: unknown = JSON.parse(JSON.stringify(facts.save()));
    expect(savedFacts(saved)).toBe(true);
    if (!savedFacts(saved)) return;
    const woken = new Facts(false, saved);
    for (let n = 1; n < 40; n++) {
      const next = row(now + n * 15, n % 2 === 0 ? web('bash', '4444') : start('bash', `t${n}`, `/tmp/t${n}`));
      expect(woken.see(next)).toEqual(facts.see(next));
    }
    expect(woken.save()).toEqual(facts.save());
  });

  test('what was saved before it was told what follows is read on', () => {
    const { facts, now } = known();
    facts.see(row(now, start('soffice.bin', 'bash', '/usr/bin/bash')));
    const saved = facts.save();
    const { settings: _, memory, ...rest } = saved;
    const { clock: __, ...older } = memory;
    const before: unknown = {
      ...rest,
      memory: older,
      recent: [{ time: now, alone: 12, given: [['parent', 2]], program: 'bash', names: ['x'] }],
    };
    expect(savedFacts(before)).toBe(true);
    if (savedFacts(before)) expect(new Facts(false, before).see(row(now + 1, typed('git'))).facts).toBe(12);
  });

  test('it does not grow without end', () => {
    const facts = new Facts(false);
    for (let n = 0; n < 30_000; n++)
      facts.see(
        row(MONDAY + n * 30, typed(`x${String.fromCharCode(97 + (n % 26))}${n.toString(36)}z`.replace(/\d/g, 'q'))),
      );
    expect(facts.save().memory.facts.length).toBeLessThanOrEqual(5000);
    expect(savedFacts(facts.save())).toBe(true);
  });
});

describe('settings of a machine', () => {
  const setting = (columns: Record<string, string>, query = 'crontab'): Row => ({ query, columns });
  const cron = (verb: string): Row =>
    setting({
      path: '/var/spool/cron/crontabs/ann',
      minute: '*',
      hour: '*',
      day_of_month: '*',
      month: '*',
      day_of_week: '*',
      verb,
    });

  test('a setting that comes again is new in the first week too', () => {
    const facts = new Facts(true);
    for (const day of [1, 2, 3])
      expect(facts.see(row(MONDAY + day * DAY, cron('/var/tmp/job'))).setting).toBeGreaterThan(0);
  });

  test('what was there from the start is known; a job of a place that anybody may write to is not', () => {
    const facts = new Facts(true);
    facts.see(row(MONDAY, { ...cron('/usr/bin/backup'), baseline: true }));
    expect(facts.see(row(MONDAY + DAY, cron('/usr/bin/backup'))).setting).toBe(0);
    const { setting: nats, newFacts } = facts.see(row(MONDAY + 2 * DAY, cron('/var/tmp/job')));
    expect(newFacts[0]!.family).toBe('job tmp');
    expect(nats).toBeGreaterThan(4.35);
  });

  test.each([
    ['administrator', { uid: '1001', groupname: 'sudo' }, 'admins'],
    ['sudo all', { source: '/etc/sudoers', header: 'ann', rule_details: 'ALL=(ALL) NOPASSWD: ALL' }, 'sudoers'],
    [
      'account login',
      { uid: '1001', gid: '1001', username: 'eve', directory: '/home/eve', shell: '/bin/bash' },
      'users',
    ],
    [
      'key',
      {
        uid: '1000',
        username: 'ann',
        algorithm: 'ssh-rsa',
        comment: 'k@k',
        key_file: '/home/ann/.ssh/authorized_keys',
      },
      'authorized_keys',
    ],
    [
      'autostart hidden',
      { path: '/home/ann/.config/autostart/x.desktop', uid: '1000', mtime: '1', size: '9' },
      'autostart',
    ],
    ['usb disk', { vendor_id: '0781', model_id: '5581', vendor: 'S', model: 'U', serial: '4', removable: '1' }, 'usb'],
    ['module', { name: 'evil' }, 'kernel_modules'],
    [
      'service port',
      { uid: '0', name: 'sshd', path: '/usr/sbin/sshd', protocol: '6', address: '0.0.0.0', port: '2222' },
      'listening',
    ],
  ])('%s is one', (family, columns, query) => {
    const { newFacts } = new Facts(true).see(row(MONDAY, setting(columns, query)));
    expect(newFacts.map((one) => one.family)).toEqual([family]);
  });

  test('many of a kind at once are one new fact', () => {
    const facts = new Facts(true);
    const nats = Array.from(
      { length: 12 },
      (_, n) =>
        facts.see(
          row(MONDAY + n, setting({ vendor_id: '0781', model_id: '5581', serial: String(n), removable: '0' }, 'usb')),
        ).setting,
    );
    expect(nats[1]).toBeLessThan(nats[0]!);
    expect(nats.at(-1)!).toBeLessThan(1);
  });
});
