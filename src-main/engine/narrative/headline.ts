import { baseOf } from '../../../models/facts/place.ts';
import { classOf } from '../../../models/facts/program-class.ts';
import type { Phrase, Story } from '../../contract/story/story.ts';
import { isUsual } from '../../contract/story/tell.ts';
import { addressOf, type Act } from './act.ts';
import { headOf } from './head-phrase.ts';
import { useIn, type Told } from './rows.ts';
import { useOf } from './tool.ts';

/** What heads an alert. */
export type Headline = Pick<Story, 'headline' | 'act' | 'weight'>;

/** How much each kind of act tells by itself. What is missing never heads an alert. */
const TELLS: Readonly<Record<string, number>> = {
  // What lets somebody come back, or starts again by itself, outlasts all else that was done.
  key: 130,
  account: 128,
  sudo: 126,
  admin: 126,
  cron: 122,
  unit: 120,
  autostart: 118,
  shell: 95,
  'shell-net': 92,
  login: 90,
  'place-net': 89,
  place: 88,
  sent: 86,
  read: 60,
  device: 55,
  module: 50,
  'container-port': 46,
  gateway: 45,
  connection: 44,
  port: 42,
  program: 40,
  command: 20,
  other: 15,
};
/** Never seen before; seen a few times. */
const [NEVER, FEW, A_FEW] = [20, 8, 3];
/** It is there to send, or to run what it is given. */
const SENDS = 5;
/** Acts that tell little by themselves, … */
const weak: ReadonlySet<string> = new Set(['program', 'command', 'other']);
const isWeak = ({ row, isElsewhere }: Told): boolean => isElsewhere || weak.has(row.act);
/** … and this many acts with fewer new ones than this are the habits of somebody else. */
const [MANY, FEW_NEW] = [20, 3];
const NAMED = 3;
const sends: ReadonlySet<string> = new Set(['network', 'shell', 'interpreter']);

/** What it is for is known, and can be told. */
const TOOL = 4;
/** A connection of a program that has connected before. */
const ELSEWHERE = 18;

/** How much a row tells; negative: it never heads an alert, as what is usual. */
export function tells({ row, act, isElsewhere }: Told): number {
  const base = isElsewhere ? ELSEWHERE : TELLS[row.act];
  if (base === undefined || isUsual(row)) return -1;
  const novelty = row.seen === 0 ? NEVER : row.seen <= A_FEW ? FEW : 0;
  const sending = sends.has(classOf(baseOf(act.program ?? act.name))) ? SENDS : 0;
  return base + novelty + act.importance + sending + (row.tool === undefined ? 0 : TOOL);
}

/**
 * The telling act, chosen by what it is and whether it is new.
 * @param rows in order of time; @param acts how many there were; @param changes what changed on the machine meanwhile
 */
export function headlineOf(rows: readonly Told[], user: string, acts: number, changes: readonly Told[] = []): Headline {
  // Whose crontab it is in says whose job it is.
  const own = changes.filter(({ act }) => act.owner === user);
  const able = [...rows, ...own].filter((told) => tells(told) >= 0);
  // Where something new alarmed, that is what is told; and how it began, which may be longer ago than what alarms last.
  const alarmed = able.filter(({ isNew }) => isNew);
  const telling = alarmed.length > 0 ? able.filter((told) => told.isNew || isFirstOfItsKind(told)) : able;
  // What tells by itself comes before what tells only together, however often that is used to send.
  const best = mostTelling([...telling, ...own].filter(isFirstOfItsKind)) ?? mostTelling(telling);
  const copied = !best || isWeak(best) || CARRIED.has(best.row.act) ? copiedOf(able, changes) : undefined;
  if (copied) return copied;
  const isFirst = telling.filter(({ row }) => row.seen === 0).length;
  if (!best || (isWeak(best) && alarmed.length === 0 && acts >= MANY && isFirst < FEW_NEW))
    return habitsOf(able, user, acts);
  // Of many weak things those that alarmed are not the only ones.
  const weakOnes = able.filter((told) => told.row.seen === 0 || telling.includes(told));
  if (isWeak(best) && weakOnes.length > 1) return rareOf(weakOnes, user);
  const shared = connections.has(best.row.act) ? sharedAddress(telling) : undefined;
  if (shared) return shared;
  const sent = best.row.act === 'read' || best.row.act === 'sent' ? sentOf(telling, best) : undefined;
  if (sent) return { headline: sent.headline, act: 'sent', weight: best.act.importance };
  return { headline: headOf(best, rows, telling), act: best.row.act, weight: best.act.importance };
}

const mostTelling = (rows: readonly Told[]): Told | undefined =>
  rows.reduce<Told | undefined>((a, b) => (a && tells(a) >= tells(b) ? a : b), undefined);

/** Several programs that connected to one address, none of them before. */
function sharedAddress(telling: readonly Told[]): Headline | undefined {
  const by = new Map<string, Told[]>();
  for (const told of telling)
    if (connections.has(told.row.act) && told.row.seen === 0 && told.act.address !== undefined)
      by.set(told.act.address, [...(by.get(told.act.address) ?? []), told]);
  const [address, most] = [...by].sort((one, two) => two[1].length - one[1].length)[0] ?? [];
  const programs = [...new Set(most?.map(({ act }) => baseOf(act.program ?? act.name)))];
  if (address === undefined || !most || programs.length < 2) return undefined;
  const [a = '', b = '', c] = programs;
  const uses = programs.slice(0, NAMED).map((program, at) => useIn(`${'abc'[at]!}Is`, program));
  const values = Object.assign(
    { address, n: programs.length, a, b, ...(c !== undefined && { c }) },
    ...uses,
  ) as Phrase['values'];
  const headline = { id: `head.shared.${programs.length > NAMED ? 'more' : programs.length}`, values };
  return { headline, act: most[0]!.row.act, weight: most[0]!.act.importance };
}

/** Sensitive files may be among what was copied, and the device may be the user’s. */
const CARRIED: ReadonlySet<string> = new Set(['read', 'device']);
/** What copies, packs or sends files, by what it is for. */
const COPIES: ReadonlySet<string> = new Set(['copy', 'archive', 'transfer']);

/** A device was there when files were copied or packed. */
function copiedOf(able: readonly Told[], changes: readonly Told[]): Headline | undefined {
  const devices = [...able, ...changes].filter(({ row }) => row.act === 'device');
  // Where it is mounted says less than who made it.
  const device = devices.find(({ act }) => !act.name.startsWith('/')) ?? devices[0];
  const copying = able.filter(({ row, act }) => weak.has(row.act) && COPIES.has(useOf(act.program ?? act.name) ?? ''));
  if (!device || copying.length === 0) return undefined;
  const { named, values } = named3(copying, (one, other) => one.row.seen - other.row.seen);
  const headline = { id: `head.copied.${named}`, values: { ...values, name: device.act.name, seen: device.row.seen } };
  return { headline, act: 'device', weight: device.act.importance };
}

/** Never seen before, and of a kind that tells much by itself. */
const isFirstOfItsKind = (told: Told): boolean => told.row.seen === 0 && !isWeak(told);

/** The strangest rows by name, where none of them tells much alone. */
function rareOf(telling: readonly Told[], user: string): Headline {
  const never = telling.filter(({ row }) => row.seen === 0);
  const { size: n } = new Set(never.map(({ act }) => nameOf(act)));
  // What is said to be new is.
  const { named, values } = named3(n > NAMED ? never : telling);
  if (n > NAMED) return { headline: { id: 'head.new', values: { ...values, user, n } }, act: 'rare', weight: 0 };
  return { headline: { id: `head.rare.${named}`, values: { ...values, user } }, act: 'rare', weight: 0 };
}

/** No act tells: the rarest of them are named for a person who looks for what it was. */
function habitsOf(able: readonly Told[], user: string, n: number): Headline {
  const { named, values } = named3(able, (one, other) => one.row.seen - other.row.seen || tells(other) - tells(one));
  const id = named === 0 ? 'head.habits' : `head.habits.${named}`;
  return { headline: { id, values: { ...values, user, n } }, act: 'habits', weight: 0 };
}

/** Up to three rows by name, by default those that tell most first, as the places a, b and c of a phrase. */
function named3(
  rows: readonly Told[],
  order = (one: Told, other: Told): number => tells(other) - tells(one),
): { readonly named: number; readonly values: Phrase['values'] } {
  const sorted = [...rows].sort(order);
  // Three that are for the same say less than three that are not.
  const uses = new Set<string>();
  const others = sorted.filter(({ act }) => {
    const use = useOf(act.program ?? act.name) ?? nameOf(act);
    return uses.has(use) ? false : uses.add(use);
  });
  const names = new Map<string, Act>();
  for (const { act } of [...others, ...sorted])
    if (names.size < NAMED && !names.has(nameOf(act))) names.set(nameOf(act), act);
  const said = new Set<string | number>();
  const values = [...names].map(([name, act], at) => {
    const place = 'abc'[at]!;
    const tool = useIn(`${place}Is`, act.program ?? act.name);
    // What several are for is said once.
    const isNew = Object.values(tool).every((one) => !said.has(one));
    for (const one of Object.values(tool)) said.add(one);
    return { [place]: name, ...(isNew && tool) };
  });
  return { named: names.size, values: Object.assign({}, ...values) as Phrase['values'] };
}

const nameOf = (act: Act): string => {
  const program = act.program === undefined ? act.name : baseOf(act.program);
  if (act.kind === 'connection') return `${program} → ${addressOf(act)}`;
  return act.kind === 'program' ? program : baseOf(act.name);
};

/** Sensitive files that were opened, and a connection after it by the same program or one that sends. */
export function sentOf(
  telling: readonly Told[],
  first: Told | undefined = telling.find(({ row }) => row.act === 'read'),
): { readonly headline: Phrase; readonly reads: readonly Told[]; readonly connection: Told } | undefined {
  if (!first) return undefined;
  const reads = telling.filter(({ row }) => row.act === 'read');
  const connection = telling.find(
    ({ row, act }) =>
      connections.has(row.act) &&
      row.last >= first.row.first - POLLS &&
      (act.program === first.act.program || sends.has(classOf(baseOf(act.program ?? '')))),
  );
  if (!connection) return undefined;
  const { program = '', file = '' } = first.act;
  const values = {
    program: baseOf(program),
    ...useIn('programIs', program),
    file,
    n: reads.length,
    sender: baseOf(connection.act.program ?? ''),
    ...useIn('senderIs', connection.act.program ?? ''),
    address: addressOf(connection.act),
  };
  // What is polled is told late: only far enough apart one came after the other.
  const isAfter = connection.row.first >= first.row.first;
  return { headline: { id: isAfter ? 'head.sent' : 'head.sent.about', values }, reads, connection };
}

/** Tables of osquery are asked in turns of up to this many seconds: of acts less far apart nobody knows which was first. */
const POLLS = 300;

const connections: ReadonlySet<string> = new Set(['connection', 'shell-net', 'place-net']);
