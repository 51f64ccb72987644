import { modernView, viewOf2017 } from './asked.ts';
import { withAudit } from './audit.ts';
import { attacks, perform, schedule, type Scheduled } from './attacks/schedule.ts';
import type { Strength } from './attacks/attack.ts';
import { dayOf } from './day.ts';
import { Logger, type Form, type Line } from './lines.ts';
import { Looker, SnapshotLooker, type Row } from './look.ts';
import { beginning, systemDay } from './system.ts';
import { World, type WorldOptions } from './world.ts';

export const packs = ['modern', '2017'] as const;

export interface SimulateOptions extends WorldOptions {
  readonly pack: (typeof packs)[number];
  readonly form: Form;
  /** Whether the audit pack's rows come beside the modern pack's: starts and connections that polls miss. */
  readonly audit?: boolean;
  /** Ids of the attacks that are laid in, each once loud and once stealthy. */
  readonly attacks: readonly string[];
}

/** What was laid in, and where it can be seen. */
export interface Label {
  readonly id: string;
  readonly name: string;
  /** Technique of MITRE ATT&CK. */
  readonly mitre: string;
  readonly strength: Strength;
  readonly host: string;
  readonly user: string;
  /** 1-based lines of the whole log, first and last. */
  readonly from_line: number;
  readonly to_line: number;
  /** Unix seconds. */
  readonly from: number;
  readonly to: number;
  /** All lines that belong to it: runs of them, first and last. */
  readonly lines: readonly (readonly [number, number])[];
}

const DAY = 86_400;

/**
 * Lines of osquery's results log as several users would have left them, oldest first, a day at a time; at the end what
 * attacks are in it. The same options always give the same lines; more days only add to them, as long as no attacks
 * are wanted.
 * @throws RangeError when the audit pack is wanted with the pack of 2017, which had none, or with snapshots, which events are not
 */
export function* simulate(options: SimulateOptions): Generator<Line[], Label[]> {
  if (options.audit && (options.pack !== 'modern' || options.form === 'snapshot')) {
    throw new RangeError('audit rows come with the modern pack, and not in snapshots');
  }
  const world = new World(options);
  const planned = schedule(
    world,
    attacks.filter(({ id }) => options.attacks.includes(id)),
  );
  const polled = options.pack === 'modern' ? modernView : viewOf2017;
  const view = options.audit ? withAudit(polled) : polled;
  const hosts = world.hosts.map((host) => {
    const looker = options.form === 'snapshot' ? new SnapshotLooker(view) : new Looker(view);
    return { host, looker, logger: new Logger(host, view, options.form, options.start) };
  });
  const found = new Map<string, Found>();
  let number = 0;
  for (let day = options.start; day < options.start + options.days * DAY; day += DAY) {
    const lines: Line[] = [];
    for (const { host, looker, logger } of hosts) {
      const happened = [
        ...(day === options.start ? beginning(world, host) : []),
        ...systemDay(world, host, day),
        ...world.people
          .filter((person) => person.host === host)
          .flatMap((person) => dayOf(world, person, day).happened),
        ...planned.filter((one) => one.victim.host === host && one.day === day).flatMap((one) => perform(world, one)),
      ];
      for (const look of looks(looker.rows(happened, day + DAY, day))) lines.push(...logger.lines(look));
    }
    lines.sort((a, b) => a.time - b.time);
    for (const { attacks: keys, time } of lines) {
      number++;
      for (const key of keys) record(found, key, number, time);
    }
    yield lines;
  }
  return planned.flatMap((one) => labelOf(one, found.get(one.key)));
}

interface Found {
  readonly from: number;
  to: number;
  readonly lines: [number, number][];
}

function record(found: Map<string, Found>, key: string, line: number, time: number): void {
  const before = found.get(key);
  if (!before) {
    found.set(key, { from: time, to: time, lines: [[line, line]] });
    return;
  }
  before.to = time;
  const last = before.lines.at(-1)!;
  if (last[1] === line - 1) last[1] = line;
  else before.lines.push([line, line]);
}

/** Nothing for an attack of which no query saw anything. */
function labelOf({ attack, strength, victim }: Scheduled, found: Found | undefined): Label[] {
  if (!found) return [];
  const { from, to, lines } = found;
  const about = { id: `${attack.id}-${strength}`, name: attack.name, mitre: attack.mitre, strength };
  const place = { host: victim.host, user: victim.name, from_line: lines[0]![0], to_line: lines.at(-1)![1] };
  return [{ ...about, ...place, from, to, lines }];
}

/** Rows of the same look of the same query, together. */
function* looks(rows: readonly Row[]): Generator<Row[]> {
  let look: Row[] = [];
  for (const row of rows) {
    const first = look[0];
    if (first && (first.time !== row.time || first.query !== row.query)) {
      yield look;
      look = [];
    }
    look.push(row);
  }
  if (look.length > 0) yield look;
}
