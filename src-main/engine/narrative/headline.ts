import { baseOf, placeOf } from '../../../models/facts/place.ts';
import { classOf } from '../../../models/facts/program-class.ts';
import type { Phrase, Story } from '../../contract/story/story.ts';
import { isUsual } from '../../contract/story/tell.ts';
import { addressOf, type Act } from './act.ts';
import { placeText, type Told } from './rows.ts';

/** What heads an alert. */
export type Headline = Pick<Story, 'headline' | 'act' | 'weight'>;

/** How much each kind of act tells by itself. What is missing never heads an alert. */
const TELLS: Readonly<Record<string, number>> = {
  shell: 95,
  'shell-net': 92,
  login: 90,
  'place-net': 89,
  place: 88,
  sent: 86,
  sudo: 86,
  admin: 84,
  account: 84,
  key: 82,
  cron: 80,
  autostart: 78,
  unit: 78,
  read: 60,
  device: 55,
  module: 50,
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

/** A connection of a program that has connected before. */
const ELSEWHERE = 18;

/** How much a row tells; negative: it never heads an alert, as what is usual. */
export function tells({ row, act, isElsewhere }: Told): number {
  const base = isElsewhere ? ELSEWHERE : TELLS[row.act];
  if (base === undefined || isUsual(row)) return -1;
  const novelty = row.seen === 0 ? NEVER : row.seen <= A_FEW ? FEW : 0;
  return base + novelty + act.importance + (sends.has(classOf(baseOf(act.program ?? act.name))) ? SENDS : 0);
}

/** The telling act, chosen by what it is and whether it is new. @param rows in order of time; @param acts how many there were */
export function headlineOf(rows: readonly Told[], user: string, acts: number): Headline {
  const able = rows.filter((told) => tells(told) >= 0);
  // Where something new alarmed, that is what is told.
  const alarmed = able.filter(({ isNew }) => isNew);
  const telling = alarmed.length > 0 ? alarmed : able;
  const best = telling.reduce<Told | undefined>((a, b) => (a && tells(a) >= tells(b) ? a : b), undefined);
  const isFirst = telling.filter(({ row }) => row.seen === 0).length;
  if (!best || (isWeak(best) && alarmed.length === 0 && acts >= MANY && isFirst < FEW_NEW))
    return { headline: { id: 'head.habits', values: { user, n: acts } }, act: 'habits', weight: 0 };
  if (isWeak(best) && telling.length > 1) return rareOf(telling, user);
  const sent = best.row.act === 'read' || best.row.act === 'sent' ? sentOf(telling, best) : undefined;
  if (sent) return { headline: sent.headline, act: 'sent', weight: best.act.importance };
  return { headline: headOf(best, rows, telling), act: best.row.act, weight: best.act.importance };
}

/** The strangest rows by name, where none of them tells much alone. */
function rareOf(telling: readonly Told[], user: string): Headline {
  const rarest = [...telling].sort((a, b) => tells(b) - tells(a)).slice(0, NAMED);
  const names = [...new Set(rarest.map(({ act }) => nameOf(act)))];
  const [a = '', b, c] = names;
  const values = { user, a, ...(b !== undefined && { b }), ...(c !== undefined && { c }) };
  const { size: n } = new Set(telling.filter(({ row }) => row.seen === 0).map(({ act }) => nameOf(act)));
  if (n > NAMED) return { headline: { id: 'head.new', values: { ...values, n } }, act: 'rare', weight: 0 };
  return { headline: { id: `head.rare.${names.length}`, values }, act: 'rare', weight: 0 };
}

const nameOf = (act: Act): string => {
  const program = act.program === undefined ? act.name : baseOf(act.program);
  if (act.kind === 'connection') return `${program} → ${addressOf(act)}`;
  return act.kind === 'program' ? program : act.name;
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
      row.last >= first.row.first &&
      (act.program === first.act.program || sends.has(classOf(baseOf(act.program ?? '')))),
  );
  if (!connection) return undefined;
  const { program = '', file = '' } = first.act;
  const values = {
    program: baseOf(program),
    file,
    n: reads.length,
    sender: baseOf(connection.act.program ?? ''),
    address: addressOf(connection.act),
  };
  return { headline: { id: 'head.sent', values }, reads, connection };
}

const connections: ReadonlySet<string> = new Set(['connection', 'shell-net', 'place-net']);

function headOf({ row, act }: Told, rows: readonly Told[], telling: readonly Told[]): Phrase {
  const { seen } = row;
  const program = baseOf(act.program ?? '') || act.name;
  const parent = act.parent === undefined ? undefined : baseOf(act.parent);
  switch (row.act) {
    case 'login': {
      const isSsh = rows.some(({ act: { parent: by = '' } }) => /^sshd\b/.test(baseOf(by)));
      return { id: isSsh ? 'head.login.ssh' : 'head.login.remote', values: { address: act.address ?? '', seen } };
    }
    case 'place': {
      const id = placeOf(act.program ?? '') === 'hidden' ? 'head.hidden' : 'head.place';
      const values = { folder: placeText(act.program ?? ''), program, seen };
      return parent === undefined ? { id, values } : { id: `${id}.by`, values: { ...values, parent } };
    }
    case 'place-net': {
      const values = { folder: placeText(act.program ?? ''), program, address: addressOf(act), seen };
      return { id: 'head.place-net', values };
    }
    case 'shell':
      return { id: 'head.shell', values: { parent: parent ?? '', program, seen } };
    case 'shell-net':
    case 'connection':
      return { id: `head.${row.act}`, values: { program, address: addressOf(act), seen } };
    case 'read': {
      const n = telling.filter((told) => told.row.act === 'read' && told.act.program === act.program).length;
      return { id: 'head.read', values: { program, file: act.file ?? act.name, n, seen } };
    }
    case 'port':
      return { id: 'head.port', values: { program, port: act.port ?? '', seen } };
    case 'program':
      return parent === undefined
        ? { id: 'head.program', values: { program, seen } }
        : { id: 'head.program.by', values: { program, parent, seen } };
    case 'other':
      return { id: 'head.other', values: { label: act.label, name: act.name, seen } };
    default:
      return { id: `head.${row.act}`, values: { name: act.name, seen } };
  }
}
