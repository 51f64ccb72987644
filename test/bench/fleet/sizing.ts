/** What a fleet needs, made of what was measured: a table for documents, and rows for those that compare. */
import { median, type Row } from '../../../scripts/bench/bench.ts';
import type { LineFigures } from './lines.ts';
import type { MemoryFigures } from './memory.ts';
import type { ModelFigures } from './models.ts';

/** What is taken for granted, and measured nowhere: a user's day, and how a fleet is set up by default. */
const assumed = {
  linesADay: 10_000,
  linesABlock: 100,
  /** Trainings of a user on the first day: at 3,000, 6,000 and, rounded up, 12,000 actions. */
  firstTrainings: 3,
  /** Later ones, and the days over which they come. */
  laterTrainings: 10,
  laterDays: 180,
  /** Judged actions after which a user's models are stored. */
  storeAfter: 1000,
  /** Versions of a user's models that stay on the disk: the one that judges, and the one it is compared with. */
  models: 2,
  keepDays: 14,
  keepLinesDays: 3,
  /** Share of users that work at one time. */
  loaded: 1 / 4,
} as const;

interface Measured {
  readonly lines: LineFigures;
  readonly memory: MemoryFigures;
  readonly models: ModelFigures;
}

interface FleetSize {
  readonly users: number;
  readonly replicas: number;
}

const sizes: readonly FleetSize[] = [
  { users: 30, replicas: 1 },
  { users: 20_000, replicas: 3 },
  { users: 10_000_000, replicas: 3 },
];

const DAY = 86_400;
const each = (samples: readonly number[], by: (sample: number) => number): number[] => samples.map(by);

/** What a fleet of a size needs. */
function needsOf({ lines, memory, models }: Measured, { users, replicas }: FleetSize): Row[] {
  const { linesADay, linesABlock, keepDays, keepLinesDays, firstTrainings, laterTrainings, laterDays } = assumed;
  const perSecond = (users * linesADay) / DAY;
  const storing = (1000 * median(models.storing)) / assumed.storeAfter;
  const cores = each(lines.nats, (cost) => (perSecond * (cost + storing)) / 1e6);
  const state = (disk: number): number =>
    users * (keepDays * linesADay * disk + assumed.models * 1e6 * median(models.size));
  const terabytes = (bytes: number): number => bytes / 1e12;
  const unloaded = median(memory.unloaded);
  const fixed = (value: number): number[] => lines.nats.map(() => value);
  return [
    { what: 'lines', unit: 'a second', samples: fixed(perSecond) },
    { what: 'blocks', unit: 'a second', samples: fixed(perSecond / linesABlock) },
    { what: 'cores for lines, mean', unit: 'cores', samples: cores },
    { what: 'cores for lines, at four times the mean', unit: 'cores', samples: each(cores, (one) => 4 * one) },
    {
      what: 'training on the first day',
      unit: 'core hours',
      samples: each(models.training, (s) => (users * firstTrainings * s) / 3600),
    },
    {
      what: 'training later',
      unit: 'cores',
      samples: each(models.training, (s) => (users * laterTrainings * s) / (laterDays * DAY)),
    },
    { what: 'memory, all loaded', unit: 'GB', samples: each(memory.loaded, (mb) => (users * mb) / 1000) },
    {
      what: 'memory, a quarter loaded',
      unit: 'GB',
      samples: each(memory.loaded, (mb) => (users * (assumed.loaded * mb + (1 - assumed.loaded) * unloaded)) / 1000),
    },
    { what: `workers’ disks, ${keepDays} days`, unit: 'TB', samples: each(lines.disk, (b) => terabytes(state(b))) },
    {
      what: `snapshots, two of each, ${replicas} ${replicas === 1 ? 'copy' : 'copies'}`,
      unit: 'TB',
      samples: each(lines.disk, (b) => terabytes(2 * replicas * state(b))),
    },
    {
      what: `stream, ${keepLinesDays} days, ${replicas} ${replicas === 1 ? 'copy' : 'copies'}`,
      unit: 'TB',
      samples: each(lines.stream, (b) => terabytes(replicas * keepLinesDays * users * linesADay * b)),
    },
  ];
}

export const sizingRows = (measured: Measured): Row[] =>
  sizes.flatMap((size) =>
    needsOf(measured, size).map((row) => ({ ...row, what: `${counted(size.users)} users: ${row.what}` })),
  );

/** The table of docs/fleet.md. */
export function sizingTable(measured: Measured): string {
  const columns = sizes.map((size) => needsOf(measured, size));
  const heads = sizes.map(
    ({ users, replicas }) => `${counted(users)} users, ${replicas === 1 ? 'one copy' : `${replicas} copies`}`,
  );
  const rows = columns[0]!.map(({ what, unit }, r) => {
    const name = what.replace(/, \d cop(?:y|ies)$/, '');
    return [`${name}, ${unit}`, ...columns.map((rows) => plain(median(rows[r]!.samples)))];
  });
  const all = [['', ...heads], ['---', ...heads.map(() => '---')], ...rows];
  return all.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const counted = (users: number): string => users.toLocaleString('en-GB');
const plain = (value: number): string => value.toLocaleString('en-GB', { maximumSignificantDigits: 2 });
