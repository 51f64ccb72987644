import type { EntityRow, Phrase, Story } from './story.ts';

/** Kinds of act that tell something by themselves, the most first. */
const STRONG = (
  'key account sudo admin cron unit autostart shell shell-net login place-net place read device module gateway ' +
  'container-port port connection'
).split(' ');
const CONNECTIONS: ReadonlySet<string> = new Set(['connection', 'shell-net', 'place-net']);
const RUNS: ReadonlySet<string> = new Set(['program', 'command']);
/** Their headlines name programs and commands. */
const NAMES: ReadonlySet<string> = new Set(['rare', 'habits']);
const MOST = 3;
/** Tables are asked every so often, and what belongs together is told so far apart. Seconds. */
const TOGETHER = 600;
/** A shell that a login begins with is no other act. */
const LOGINS = /^(?:sshd\b|login$)/;
/** Words that start no program: assignments, expansions, reserved words and the commonest built-in commands. Source: bash(1). */
const NO_PROGRAM =
  /^(?:\w+=|[$({[!:.]|(?:case|cd|declare|do|done|echo|elif|else|esac|eval|exit|export|fi|for|function|if|in|local|popd|pushd|read|select|set|shift|then|time|unset|until|while)$)/;

const hasProgram = ({ act, phrase: { values } }: EntityRow): boolean =>
  act !== 'command' || !NO_PROGRAM.test(String(values.name ?? ''));

/** What else was new about then: a row of each kind that tells by itself, then what was run, but for what the headline tells. */
export function alsoOf({ act, rows, headline }: Pick<Story, 'act' | 'rows' | 'headline'>): Phrase[] {
  const heads = rows.filter((row) => row.act === act || (act === 'sent' && row.act === 'read'));
  const from = Math.min(...heads.map(({ first }) => first)) - TOGETHER;
  const near = rows.filter((row) => !heads.includes(row) && (heads.length === 0 || row.first >= from));
  const { address } = headline.values;
  const names = ['program', 'sender', 'name', 'a', 'b', 'c'].map((place) => headline.values[place]);
  const isSaid = ({ act: kind, phrase: { values } }: EntityRow): boolean =>
    CONNECTIONS.has(kind)
      ? address !== undefined && String(values.address ?? '').startsWith(String(address))
      : RUNS.has(kind) && names.includes(values.program ?? values.name);
  const strong = STRONG.flatMap((kind) => near.find((row) => row.act === kind && row.seen === 0 && !isSaid(row)) ?? []);
  const run = near.filter(
    (row) =>
      RUNS.has(row.act) &&
      (row.seen === 0 || row.newFrom !== undefined) &&
      !LOGINS.test(starterOf(row) ?? '') &&
      !isSaid(row) &&
      hasProgram(row),
  );
  run.sort((one, other) => weightOf(other) - weightOf(one));
  // What a program is for is said once.
  const said = new Set(Object.entries(headline.values).flatMap((entry) => usedAs(entry, headline.values)));
  return [...strong, ...(NAMES.has(act) ? [] : run)].slice(0, MOST).map((row) => {
    const { id, values } = phraseOf(row);
    const kept = Object.entries(values).filter((entry) => !usedAs(entry, values).some((use) => said.has(use)));
    for (const entry of kept) for (const use of usedAs(entry, values)) said.add(use);
    return { id, values: Object.fromEntries(kept) };
  });
}

/** "xxd bytes" of what says that xxd shows bytes; nothing of any other value. */
const usedAs = ([place, use]: [string, string | number], values: Phrase['values']): string[] =>
  place.endsWith('Is') ? [`${values[place.slice(0, -2)] ?? ''} ${use}`] : [];

/** What changes or carries off something tells more than what only looks. */
const TELLING =
  'mine guess sniff scan accounts password root keys firewall kernel erase wipe rights services schedule transfer archive remote net'.split(
    ' ',
  );
const weightOf = ({ phrase: { values } }: EntityRow): number => {
  const at = TELLING.indexOf(String(values.programIs ?? values.nameIs).replace('named.', ''));
  return at < 0 ? 0 : TELLING.length - at;
};

/** A program's parent; a connection's program may have one too, which is not told here. */
const starterOf = ({ phrase, chain }: EntityRow): string | undefined => {
  const parent = phrase.id === 'row.program' && chain.length > 1 ? chain[0]! : undefined;
  return parent?.slice(parent.lastIndexOf('/') + 1);
};

function phraseOf(row: EntityRow): Phrase {
  const parent = starterOf(row);
  return parent === undefined ? row.phrase : { id: 'row.program.by', values: { ...row.phrase.values, parent } };
}
