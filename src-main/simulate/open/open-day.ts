import { Actor, type Session } from '../actor.ts';
import { Draw } from '../draw.ts';
import type { Happening } from '../happening.ts';
import type { Person } from '../people.ts';
import { anyAddress } from '../sites.ts';
import type { World } from '../world.ts';
import {
  appImage,
  busService,
  desktopShell,
  helper,
  installer,
  menuProgram,
  newService,
  orphan,
  stick,
} from './desktop.ts';
import type { Kind } from './rates.ts';
import { ownMachine, remoteLogin, runJob, setting } from './settings.ts';
import { thingsOf, type Thing } from './things.ts';
import { build, container, devServer, install, netTool, npx, ownTool, script, tool, venv, type Deed } from './typed.ts';

const HOUR = 3600;

/** What is done with things of the desk. The others: logins and settings. */
const deeds: Readonly<Partial<Record<Kind, Deed>>> = {
  tool,
  ownTool,
  npx,
  script,
  build,
  venv,
  netTool,
  install,
  container,
  devServer,
  appImage,
  installer,
  orphan,
  helper,
  menuProgram,
  busService,
  desktopShell,
  newService,
  stick,
};

/** A day at the desk, as far as what is new comes into it. */
export interface OpenDay {
  readonly person: Person;
  /** Midnight, Unix seconds. */
  readonly day: number;
  readonly session: Session;
  readonly from: number;
}

/** What somebody does on a day with what is new to them, or was lately, beside their usual work. */
export function openDay(world: World, { person, day, session, from }: OpenDay): Happening[] {
  const draw = Draw.of(world.options.seed, person.name, day, 'open');
  return thingsOf(world, person, day).flatMap((thing) => {
    const isNew = thing.since === day;
    const times = thing.kind === 'helper' ? 1 : (isNew ? 1 : 0) + draw.poisson(Math.min(thing.use, 8));
    return Array.from({ length: times }, () => {
      const time = thing.kind === 'helper' ? from + draw.between(2, 20) : draw.between(from, session.ends);
      return doWith(thing, isNew, new Actor(world, draw, { person, session, time }), day);
    }).flat();
  });
}

function doWith(thing: Thing, isNew: boolean, actor: Actor, day: number): readonly Happening[] {
  const { kind, own, person } = thing;
  if (kind === 'ownLogin' || kind === 'awayLogin') {
    const draw = own();
    actor.time = day + HOUR * actor.draw.between(6.5, 22.5);
    const from = kind === 'ownLogin' ? ownMachine(actor.world.options.seed, person) : anyAddress(draw);
    return remoteLogin(actor, draw, from).happened;
  }
  const deed = deeds[kind];
  if (deed) deed(actor, own());
  else if (isNew) setting(thing)(actor, own());
  return actor.happened;
}

/** What runs on a day without anybody: jobs of crontabs. */
export function unattended(world: World, person: Person, day: number): Happening[] {
  const draw = Draw.of(world.options.seed, person.name, day, 'jobs');
  const jobs = thingsOf(world, person, day).filter(({ kind, since }) => kind === 'cronJob' && since < day);
  return jobs.flatMap(({ own }, n) => {
    const leader = { pid: draw.whole(40_000, 90_000), name: 'cron' };
    const session: Session = {
      number: 1000 + n + (Math.floor(day / 86_400) % 1000) * 8,
      leader,
      manager: leader,
      ends: day + 24 * HOUR,
      pids: new Map(),
    };
    const actor = new Actor(world, draw, { person, session, time: day });
    runJob(actor, own(), day);
    return actor.happened;
  });
}
