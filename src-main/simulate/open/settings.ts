import { Actor } from '../actor.ts';
import { nextWord, withArguments } from '../chain.ts';
import { Draw } from '../draw.ts';
import type { Person } from '../people.ts';
import { spelled, toolName } from './names.ts';
import { cron, logInRemotely, remoteSession } from './remote.ts';
import type { Thing } from './things.ts';
import { DASH, homeOf, runCalled, type Deed } from './typed.ts';

const DAY = 86_400;

/** A row of a table of settings. */
export interface Setting {
  readonly query: string;
  readonly columns: Readonly<Record<string, string>>;
  /** When it is taken out again, Unix seconds; a job when it is needed no longer, all others never. */
  readonly ends: number;
}

/** What a thing leaves in a table of settings. */
export function settingOf(thing: Thing): Setting | undefined {
  const row = rowOf(thing);
  return row && { ...row, ends: thing.kind === 'cronJob' ? thing.until + DAY : Infinity };
}

function rowOf({ kind, person, since, own }: Thing): Omit<Setting, 'ends'> | undefined {
  const draw = own();
  const uid = String(person.uid);
  const home = `/home/${person.name}`;
  switch (kind) {
    case 'key': {
      const device = draw.pick(['laptop', 'phone', 'tablet', 'pc', 'ci', 'backup']);
      const algorithm = draw.chance(0.7) ? 'ssh-ed25519' : 'ssh-rsa';
      const comment = `${person.name}@${device}${draw.chance(0.5) ? draw.whole(1, 99) : ''}`;
      return {
        query: 'authorized_keys',
        columns: { uid, username: person.name, algorithm, comment, key_file: `${home}/.ssh/authorized_keys` },
      };
    }
    case 'sudoRule': {
      const name = toolName(draw);
      const rule_details = draw.chance(0.3) ? 'ALL=(ALL) NOPASSWD: ALL' : `ALL=(root) NOPASSWD: /usr/bin/${name}`;
      return {
        query: 'sudoers',
        columns: {
          source: `/etc/sudoers.d/${draw.chance(0.5) ? name : person.name}`,
          header: person.name,
          rule_details,
        },
      };
    }
    case 'cronJob': {
      const { minute, hour, verb } = jobOf(draw, home);
      const every = { day_of_month: '*', month: '*', day_of_week: '*' };
      return {
        query: 'crontab',
        columns: {
          path: `/var/spool/cron/crontabs/${person.name}`,
          minute: String(minute),
          hour: String(hour),
          ...every,
          verb,
        },
      };
    }
    case 'autostart': {
      const name = toolName(draw);
      const mtime = String(since + draw.whole(32_000, 60_000));
      return {
        query: 'autostart',
        columns: { path: `${home}/.config/autostart/${name}.desktop`, uid, mtime, size: String(draw.whole(110, 420)) },
      };
    }
    default:
      return undefined;
  }
}

function jobOf(draw: Draw, home: string): { readonly minute: number; readonly hour: number; readonly verb: string } {
  const verb = draw.chance(0.7) ? `${home}/bin/${spelled(draw)}.sh` : `/usr/bin/${toolName(draw)}`;
  return { verb, minute: draw.whole(0, 59), hour: draw.chance(0.4) ? draw.whole(0, 5) : draw.whole(6, 20) };
}

/** How it is set: with an editor, mostly. */
const commandFor = { key: 'vim .ssh/authorized_keys', sudoRule: 'sudo visudo', cronJob: 'crontab -e' } as const;

/** @returns what sets a setting of the thing */
export const setting =
  (thing: Thing): Deed =>
  (actor) => {
    const { kind } = thing;
    if (kind === 'key' || kind === 'sudoRule' || kind === 'cronJob') {
      const editor = actor.enter(commandFor[kind], { lasts: 60 });
      if (kind === 'cronJob') {
        const sh = actor.start('sh', { path: DASH, lasts: 55 }, { parent: editor });
        actor.run('nano', { lasts: 55 }, { parent: sh });
      }
      actor.wait(40);
    }
    const { query, columns, ends } = settingOf(thing)!;
    actor.set(query, columns, ends - actor.time);
  };

/** A job of somebody's crontab runs, whether they are there or not. @param day its midnight, Unix seconds */
export function runJob(actor: Actor, own: Draw, day: number): void {
  const { minute, hour, verb } = jobOf(own, homeOf(actor));
  actor.time = day + hour * 3600 + minute * 60 + 1;
  const sh = actor.start('sh', { path: DASH, lasts: 30 }, { parent: cron });
  const name = verb.slice(verb.lastIndexOf('/') + 1);
  const isScript = verb.endsWith('.sh');
  const program = { lasts: 25, path: isScript ? '/usr/bin/bash' : verb };
  const job = actor.start(name, isScript ? { ...program, script: verb } : program, { parent: sh });
  if (isScript) runCalled(actor, job);
}

/** Where somebody logs in from, when at their own other machine. */
export const ownMachine = (seed: number, { name }: Person): string =>
  `10.20.8.${Draw.of(seed, name, 'machine').whole(2, 250)}`;

/** A login over SSH for some commands. @returns what somebody else at the keyboard of another machine does */
export function remoteLogin(actor: Actor, own: Draw, from: string): Actor {
  const { draw, person, world } = actor;
  const session = remoteSession(draw, actor.time + draw.logNormal(1500, 0.8));
  const guest = new Actor(world, draw, { person, session, time: actor.time });
  logInRemotely(guest, `pts/${own.whole(1, 9)}`, from);
  const chain = Object.values(person.tasks).find((task) => task.chain)?.chain ?? {};
  let last: string | undefined;
  for (let n = draw.whole(3, 25); n > 0 && Object.keys(chain).length > 0; n--) {
    last = nextWord(chain, last, draw);
    guest.wait(25).type(withArguments(last, draw));
    if (guest.time > session.ends) break;
  }
  return guest;
}
