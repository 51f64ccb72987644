import { Actor, type Session } from './actor.ts';
import { nextWord, withArguments } from './chain.ts';
import { Draw } from './draw.ts';
import type { Happening } from './happening.ts';
import { openDay, unattended } from './open/open-day.ts';
import { upgrade } from './open/upgrades.ts';
import type { Person, Task } from './people.ts';
import { desktopPrograms, managed, sessionPrograms } from './programs.ts';
import type { World } from './world.ts';

const HOUR = 3600;

/** A time at the desk, for those who attack in it. */
export interface Presence {
  readonly person: Person;
  readonly session: Session;
  readonly from: number;
  readonly lunch: number;
}

export interface PersonDay {
  readonly happened: readonly Happening[];
  readonly presence: Presence | undefined;
}

/** What one user does on one day; on a free day nothing. @param day its midnight, Unix seconds */
export function dayOf(world: World, person: Person, day: number): PersonDay {
  const alone = unattended(world, person, day);
  if (!world.works(person, day)) return { happened: alone, presence: undefined };
  const draw = Draw.of(world.options.seed, person.name, day);
  const from = day + HOUR * Math.max(0.2, draw.normal(person.arrives, person.loose));
  const ends = day + HOUR * Math.min(23.8, Math.max(draw.normal(person.leaves, person.loose), (from - day) / HOUR + 1));
  const number = 2 + draw.whole(0, 1) + 2 * (Math.floor((day - world.options.start) / 86_400) % 40);
  const pid = draw.whole(1200, 1900);
  const session: Session = {
    number,
    leader: { pid, name: 'xfce4-session' },
    manager: { pid: pid - 40, name: 'systemd' },
    ends,
    pids: new Map(),
  };
  const actor = new Actor(world, draw, { person, session, time: from });
  beginSession(actor);
  const lunch = day + HOUR * draw.normal((person.arrives + person.leaves) / 2, 0.4);
  const weights = world.weightsOf(person, day);
  let hadLunch = false;
  while (actor.time < ends) {
    if (!hadLunch && actor.time > lunch) {
      hadLunch = true;
      actor.time += HOUR * draw.between(0.4, 1);
    }
    work(world, actor, person.tasks[draw.weighted(weights)]!, ends);
    // A coffee, a talk, the telephone.
    actor.wait(240, 0.9);
  }
  keepConnected(world, actor, from, ends);
  const open = openDay(world, { person, day, session, from });
  upgrade(actor, [...actor.happened, ...open], day);
  return { happened: [...alone, ...actor.happened, ...open], presence: { person, session, from, lunch } };
}

/** The desktop comes up: a burst, always in the same order. */
function beginSession(actor: Actor): void {
  const { draw, person } = actor;
  const { leader, manager } = actor.session;
  actor.login('tty7', ':0');
  actor.run(
    manager.name,
    { path: '/usr/lib/systemd/systemd', lasts: -1 },
    { pid: manager.pid, parent: { pid: 1, name: 'systemd' }, byManager: true },
  );
  actor.run(leader.name, { lasts: -1 }, { pid: leader.pid, parent: { pid: 900, name: 'lightdm' } });
  for (const name of sessionPrograms) {
    actor.run(name, { lasts: -1 }, managed.has(name) ? { parent: manager, byManager: true } : {});
    actor.time += draw.between(0.05, 0.6);
  }
  for (const name of person.startsWith) {
    actor.wait(25);
    if (name === 'xfce4-terminal') actor.shell();
    else actor.run(name, desktopPrograms[name]!);
  }
}

/** One task, for about as long as such a task takes. */
export function work(world: World, actor: Actor, { minutes, mix, chain, programs }: Task, ends: number): void {
  const { draw, person } = actor;
  const until = Math.min(ends, actor.time + 60 * draw.logNormal(minutes, 0.5));
  let last: string | undefined;
  while (actor.wait(person.pace).time < until) {
    switch (draw.weighted(mix)) {
      case 'command':
        if (!chain) break;
        last = nextWord(chain, last, draw);
        actor.type(withArguments(last, draw));
        break;
      case 'program': {
        const name = draw.weighted(programs ?? { thunar: 1 });
        actor.run(name, desktopPrograms[name] ?? { lasts: 60 });
        break;
      }
      case 'document':
        actor.document();
        break;
      default:
        actor.page();
    }
  }
}

/** What runs all day renews its connections and leaves traces without anybody's doing. */
function keepConnected(world: World, actor: Actor, from: number, ends: number): void {
  const { draw, person } = actor;
  for (const name of person.startsWith) {
    const { path = `/usr/bin/${name}`, connects = {} } = desktopPrograms[name]!;
    const service = Object.keys(connects)[0];
    if (service === undefined) continue;
    for (actor.time = from; actor.wait(1100, 0.6).time < ends;) {
      actor.reach(service as 'web', name, world.pathAt(path, actor.time));
    }
  }
  // The desktop's own timers: thumbnails, indexes, spell checkers come and go.
  for (actor.time = from; actor.wait(1500, 0.8).time < ends;) {
    const name = draw.pick([
      'tumblerd',
      'gvfsd-metadata',
      'dconf-service',
      'gvfsd-http',
      'xdg-desktop-por',
      'at-spi2-registr',
    ]);
    actor.run(name, { path: `/usr/libexec/${name}`, lasts: 120 }, { parent: actor.session.manager, byManager: true });
  }
  if (draw.chance(person.role === 'designer' ? 0.6 : 0.06)) {
    actor.time = draw.between(from, ends);
    actor.plug(ownDisk(person), `/media/${person.name}/${person.name.toUpperCase()}-DISK`, draw.logNormal(2400, 0.6));
  }
}

const ownDisk = ({ name, taste }: Person) => ({
  vendor_id: '0781',
  model_id: '5581',
  vendor: 'SanDisk Corp.',
  model: 'Ultra',
  serial: `4C5300${1000 + taste}${name.length}`,
  removable: '1' as const,
});
