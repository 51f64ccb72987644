import { describe, expect, it } from 'vitest';

import { perform, schedule, attacks } from '../../src-main/simulate/attacks/schedule.ts';
import { dayOf } from '../../src-main/simulate/day.ts';
import { Draw } from '../../src-main/simulate/draw.ts';
import type { Happening } from '../../src-main/simulate/happening.ts';
import { machineNews } from '../../src-main/simulate/open/machine.ts';
import { toolName } from '../../src-main/simulate/open/names.ts';
import { machineRates, rates, type Kind } from '../../src-main/simulate/open/rates.ts';
import { newThings } from '../../src-main/simulate/open/things.ts';
import { people } from '../../src-main/simulate/people.ts';
import { builtins } from '../../src-main/simulate/programs.ts';
import { World } from '../../src-main/simulate/world.ts';
import { everything, simulated } from './simulated.ts';

const DAY = 86_400;
const { start } = everything;
const daysFrom = (from: number, count: number): number[] =>
  Array.from({ length: count }, (_, d) => start + (from + d) * DAY);
const worldOf = (seed: number, days: number, users = people.length): World => new World({ users, days, start, seed });
type Process = Happening & { readonly kind: 'process' };
const isProcess = (one: Happening): one is Process => one.kind === 'process';

/** A year of each of the five people. */
const year = (() => {
  const world = worldOf(3, 364);
  return world.people.flatMap((person) => daysFrom(0, 364).map((day) => ({ world, person, day })));
})();
const yearsThings = year.flatMap(({ world, person, day }) => newThings(world, person, day));
/** Twelve weeks of each. */
const weeks = (() => {
  const world = worldOf(6, 84);
  return world.people.flatMap((person) => daysFrom(0, 84).flatMap((day) => dayOf(world, person, day).happened));
})();

/** Whether a count is what Poisson's law makes of the mean, but for one time in ten thousand. */
function expectAbout(count: number, mean: number): void {
  expect(Math.abs(count - mean)).toBeLessThanOrEqual(4 * Math.sqrt(mean) + 1);
}

describe('new things', () => {
  it.each(Object.keys(rates) as Kind[])('%s comes about as often as the table says, to each kind of person', (kind) => {
    for (const person of people) {
      const daysAWeek = person.week.reduce((sum, chance) => sum + chance, 0);
      const worked = year.filter(
        (one) => one.person.name === person.name && one.world.works(one.person, one.day),
      ).length;
      const came = yearsThings.filter((thing) => thing.kind === kind && thing.person.name === person.name).length;
      expectAbout(came, (rates[kind].aWeek[person.role] * worked) / daysAWeek);
    }
  });

  it('come as often later as at first: what is new in the second half is about what was in the first', () => {
    const before = yearsThings.filter(({ since }) => since < start + 182 * DAY).length;
    const workedBefore = year.filter(
      ({ world, person, day }) => day < start + 182 * DAY && world.works(person, day),
    ).length;
    const worked = year.filter(({ world, person, day }) => world.works(person, day)).length;
    const share = workedBefore / worked;
    expect(Math.abs(before / yearsThings.length - share)).toBeLessThan(0.05);
  });

  it('are used once, mostly, or for weeks', () => {
    const tools = yearsThings.filter(({ kind }) => kind === 'tool');
    const lasts = tools.map(({ since, until }) => (until - since) / DAY);
    expect(lasts.filter((days) => days <= 1).length / tools.length).toBeGreaterThan(0.1);
    expect(lasts.filter((days) => days > 21).length / tools.length).toBeGreaterThan(0.1);
  });

  it('have names without end, of which a few are everybody’s', () => {
    const draw = new Draw(9);
    const names = Array.from({ length: 3000 }, () => toolName(draw));
    const counts = new Map<string, number>();
    for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
    const once = [...counts.values()].filter((count) => count === 1).length;
    expect(once / names.length).toBeGreaterThan(0.3);
    expect(Math.max(...counts.values())).toBeGreaterThan(50);
    expect(names.every((name) => /^[a-z0-9][\w.+-]*$/.test(name))).toBe(true);
  });

  it.each(
    Object.keys(machineRates).filter((kind) => kind !== 'patch') as Exclude<keyof typeof machineRates, 'patch'>[],
  )('%s comes to a machine about as often as the table says', (kind) => {
    const world = worldOf(4, 7);
    const days = daysFrom(0, 7 * 300);
    const news = days.flatMap((day) => machineNews(world, 'desk-1', day));
    const of: Record<typeof kind, (one: Happening) => boolean> = {
      serviceAccount: (one) => one.kind === 'state' && one.columns.shell === '/usr/sbin/nologin',
      guest: (one) => one.kind === 'state' && one.columns.shell === '/bin/bash',
      group: (one) => one.kind === 'state' && one.query === 'admins',
      module: (one) => one.kind === 'state' && one.query === 'kernel_modules',
      device: (one) => one.kind === 'device',
    };
    expectAbout(news.filter(of[kind]).length, machineRates[kind] * 300);
  });
});

const path = (pattern: RegExp) => (one: Happening) => isProcess(one) && pattern.test(one.path);
const typed = (pattern: RegExp) => (one: Happening) => one.kind === 'command' && pattern.test(one.command);
const set = (query: string) => (one: Happening) => one.kind === 'state' && one.query === query;
/** What tells that something of the kind happened. */
const traces: Readonly<Record<Kind, (one: Happening) => boolean>> = {
  tool: (one) => isProcess(one) && one.parent.name === 'bash' && one.script?.startsWith('/usr/bin/') === true,
  ownTool: path(/^\/home\/\w+\/(\.cargo|go)\/bin\//),
  npx: typed(/^npx /),
  script: (one) => isProcess(one) && /^\/home\/\w+\/.*\.(sh|py)$/.test(one.script ?? '') && one.parent.name === 'bash',
  build: path(/^\/tmp\/go-build\d+\/b001\/exe\//),
  venv: path(/\/(\.venv|miniconda3|\.pyenv|\.local\/share\/uv)\//),
  netTool: typed(/^(nmap|nc|telnet|sftp|mtr) ?/),
  install: (one) => isProcess(one) && one.asRoot && one.name.endsWith('.postinst'),
  container: (one) => isProcess(one) && one.parent.name === 'conmon' && !one.onDisk,
  devServer: (one) => one.kind === 'listening' && one.name === 'node',
  appImage: path(/^\/tmp\/\.mount_.{6}\w{6}\//),
  installer: path(/^\/tmp\/(selfgz\d+|makeself\.\w{6})\//),
  orphan: (one) =>
    isProcess(one) && one.started !== undefined && /\.cache|\/tmp/.test(one.path) && one.parent.name === 'systemd',
  helper: (one) => isProcess(one) && one.byManager === true && /^\/home\/\w+\/\.local\//.test(one.path),
  menuProgram: (one) =>
    isProcess(one) &&
    /\/(ristretto|galculator|catfish|atril|xarchiver|gparted)$/.test(one.path) &&
    one.parent.name !== 'bash',
  busService: (one) => isProcess(one) && one.byManager === true && /-(service|portal|daemon)$/.test(one.path),
  desktopShell: (one) =>
    isProcess(one) && one.path === '/usr/bin/dash' && /firefox|thunar|code|panel/.test(one.parent.name),
  newService: (one) => one.kind === 'socket' && one.name === 'firefox-esr' && one.port > 1024,
  ownLogin: (one) => one.kind === 'session' && one.from.startsWith('10.20.8.'),
  awayLogin: (one) => one.kind === 'session' && /^198\.18\.|:db8:/.test(one.from),
  key: set('authorized_keys'),
  sudoRule: set('sudoers'),
  cronJob: (one) => isProcess(one) && one.parent.name === 'cron' && one.name === 'sh',
  autostart: set('autostart'),
  stick: (one) => one.kind === 'device' && one.device.model !== 'Ultra',
};

it.each(Object.entries(traces) as [Kind, (one: Happening) => boolean][])(
  '%s: leaves what tells of it',
  (kind, isOne) => {
    const some = yearsThings.filter((thing) => thing.kind === kind).slice(0, 40);
    const { world } = year[0]!;
    // A job runs on the day after.
    const days = some.flatMap(({ person, since }) => [since, since + DAY].map((day) => ({ person, day })));
    expect(days.some(({ person, day }) => dayOf(world, person, day).happened.some(isOne))).toBe(true);
  },
);

describe('what is typed', () => {
  /** All that was typed, with what ran at the same time by that name. */
  const typedPrograms = (happened: readonly Happening[]): (Process | undefined)[] => {
    const key = (one: Happening, name: string): string => `${one.time} ${one.user} ${name}`;
    const ran = new Map(happened.filter(isProcess).map((one) => [key(one, one.name), one]));
    return happened.flatMap((one) => {
      if (one.kind !== 'command') return [];
      const word = one.command.split(' ')[0]!.replace(/.*\//, '');
      return builtins.has(word) ? [] : [ran.get(key(one, word))];
    });
  };

  it('is a shell’s child, and the shell a terminal’s, sshd’s', () => {
    const world = worldOf(5, 10);
    const happened = world.people.flatMap((person) =>
      daysFrom(0, 10).flatMap((day) => dayOf(world, person, day).happened),
    );
    const ran = typedPrograms(happened);
    expect(ran.length).toBeGreaterThan(2000);
    expect(new Set(ran.map((one) => one?.parent.name))).toEqual(new Set(['bash']));
    const shells = new Set(
      happened
        .filter(isProcess)
        .filter(({ name }) => name === 'bash')
        .map(({ pid }) => pid),
    );
    expect(ran.filter((one) => !shells.has(one!.parent.pid))).toEqual([]);
  });

  it('is so with intruders too', () => {
    const world = worldOf(1, 9, 4);
    const ran = schedule(world, attacks).flatMap((one) => typedPrograms(perform(world, one)));
    expect(ran.length).toBeGreaterThan(100);
    expect(new Set(ran.map((one) => one?.parent.name))).toEqual(new Set(['bash']));
  });

  it('has shells under make, npm and git, and sudo above what runs as root', () => {
    const pairs = new Set(weeks.filter(isProcess).map(({ parent, name }) => `${parent.name} > ${name}`));
    for (const pair of ['make > sh', 'npm > sh', 'sh > node', 'git > sh', 'vim > bash', 'code > bash', 'sudo > apt']) {
      expect(pairs).toContain(pair);
    }
  });
});

describe('upgraded packages', () => {
  const changed = weeks
    .filter(isProcess)
    .filter(
      ({ started, byManager, path: file }) => started !== undefined && !file.startsWith('/tmp') && (byManager ?? true),
    );

  it('leave processes whose file is gone: the same process, told again', () => {
    const gone = changed.filter(({ onDisk }) => !onDisk);
    expect(gone.length).toBeGreaterThan(50);
    for (const { pid, started, name } of gone.slice(0, 50)) {
      expect(weeks.some((one) => isProcess(one) && one.pid === pid && one.name === name && one.time === started)).toBe(
        true,
      );
    }
  });

  it('come as one process with another row in the log', () => {
    const { lines } = simulated({ days: 30, attacks: [] });
    const rows = lines
      .filter(({ text }) => text.includes('process_start'))
      .map(({ text }) => (JSON.parse(text) as { columns: Record<string, string> }).columns);
    const gone = rows.filter((row) => row.on_disk === '0' && row.path!.startsWith('/usr/bin/'));
    expect(gone.length).toBeGreaterThan(3);
    const before = rows.filter((row) => row.on_disk === '1').map((row) => `${row.pid!} ${row.start_time!}`);
    expect(gone.filter((row) => !before.includes(`${row.pid!} ${row.start_time!}`)).length).toBeLessThan(
      gone.length / 2,
    );
  });
});
