import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A checkout of the program: what stands in a file, and which files and folders are in a folder. Paths from the root. */
export interface Checkout {
  readonly read: (path: string) => string;
  readonly list: (folder: string) => readonly string[];
}

/** A checkout on the disk, with other files over its own. */
export const checkoutAt = (root: string, over: Readonly<Record<string, string>> = {}): Checkout => ({
  read: (path) => over[path] ?? readFileSync(join(root, path), 'utf8'),
  list: (folder) => [
    ...readdirSync(join(root, folder)),
    ...Object.keys(over).flatMap((path) => (path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1)] : [])),
  ],
});

/** Where each thing of a kind has to be named. */
export interface Places {
  readonly kind: 'query' | 'detector' | 'screen' | 'setting' | 'command';
  /** Where those that there are stand. */
  readonly from: string;
  readonly names: readonly string[];
  /** By file, and in brackets what to do there: whether it names one. NAME is the name. */
  readonly in: Readonly<Record<string, (text: string, name: string) => boolean>>;
}

const packs = ['conf/user-behavior.json', 'conf/user-behavior-events.json'];
const between = (text: string, begin: string, end: string): string => text.split(begin)[1]?.split(end)[0] ?? '';
const matches = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map((match) => match[1]!);

/** Settings that have no field in the window, and why. */
const noField: Readonly<Record<string, string>> = {
  engine: 'for who measures: all give the same',
  state: 'the window itself lives there',
  seed: 'for who repeats a run',
  trainAfter: 'for who measures',
  alarm: 'the budget of alerts says it in words',
  keepMegabytes: 'a guard of the disk; keepDays is what a person asks',
  scores: 'a list by query: the command line',
  original: 'for evaluate only',
};

interface Query {
  readonly query?: string;
  readonly interval?: number;
  readonly removed?: false;
  readonly learn: {
    readonly label: string;
    readonly importance: number;
    readonly columns: Readonly<Record<string, string>>;
  };
}
const queriesIn = (text: string): [string, Query][] =>
  Object.entries((JSON.parse(text) as { queries: Record<string, Query> }).queries);
/** What of a row teaches, by column: its kind. */
const taughtBy = ({ learn }: Query): [string, string][] =>
  Object.entries(learn.columns).filter(([, kind]) => kind !== 'identity');

/** The tables of osquery that a query asks. */
const tablesOf = ({ query = '' }: Query): string[] => matches(query, /\b(?:FROM|JOIN)\s+(\w+)/gi);

/** The cells of the row of a table that is a name's own. */
const cellsOf = (text: string, name: string): string[] | undefined =>
  new RegExp(`^\\| \`${name}\` +\\|(.*)\\|$`, 'm')
    .exec(text)?.[1]
    ?.split('|')
    .map((cell) => cell.trim());

/** Whether the document says of a query how often it is asked, and how important it is, as its pack does. */
function isToldAs(query: Query, cells: readonly string[] | undefined, ended: string): boolean {
  const [, interval, , , importance] = cells ?? [];
  return (
    interval === `${query.interval} s${query.removed === false ? '' : ended}` &&
    importance === String(query.learn.importance)
  );
}

/** Whether the README says of a setting what `config get` does, and its default; of one that is empty it says what that means. */
function isExplained(name: string, readme: string, contract: string, meanings: string): boolean {
  const [meaning, said = ''] = cellsOf(readme, name) ?? [];
  const fallback = new RegExp(`^ {2}${name}: v\\..*, (.+)\\),$`, 'm').exec(contract)?.[1]?.replaceAll("'", '');
  const known = new RegExp(`^ {2}${name}:\\s+'(.*)',$`, 'm').exec(meanings)?.[1];
  if (meaning === undefined || fallback === undefined || (known !== undefined && meaning !== known)) return false;
  return fallback === '' || said.replaceAll('`', '') === fallback;
}

/** What a detector counts beside the others, as prose writes it. */
function weightIn(weights: string, name: string): string {
  const [whole = '', rest = ''] = (
    new RegExp(`\\b${name}: ([\\d.]+)`).exec(between(weights, 'both: {', '}'))?.[1] ?? '0'
  ).split('.');
  const fraction = { '25': '¼', '5': '½', '75': '¾' }[rest] ?? (rest && `.${rest}`);
  return whole === '0' && fraction ? fraction : whole + fraction;
}

/** What a command says to its user: `models list`, not `models`, which has commands of its own. */
function commandsIn(text: string): string[] {
  const groups = new Map(
    [...text.matchAll(/const (\w+) = program\.command\('(\w+)'\)/g)].map((match) => [match[1]!, match[2]!]),
  );
  const made = [...text.matchAll(/\b(?:command\(\s*(\w+), |program\s*\.command\()'([\w-]+)([^']*)'(.*)/g)];
  return made.flatMap(([, parent = 'program', name = '', , rest = '']) => {
    if ([...groups.values()].includes(name) || rest.includes('hidden: true')) return [];
    return [parent === 'program' ? name : `${groups.get(parent) ?? parent} ${name}`];
  });
}

const saysCommand = (text: string, name: string): boolean =>
  new RegExp(`(?:\`(?:ubad )?|ubad (?:-- )?)${name}(?![\\w-])`).test(text);
const hasKey = (text: string, name: string): boolean => new RegExp(`(?:^|[{,])\\s*'?${name}'?:`, 'm').test(text);
const inRow = (text: string, name: string): boolean => new RegExp(`^\\|.*\`${name}\`.*\\|`, 'm').test(text);

/** Each kind of thing that somebody may add, and where all of it has to stand. */
export function placesOf({ read, list }: Checkout): readonly Places[] {
  const address = between(read('src-renderer/lib/address.ts'), 'export type Place', '\n\n');
  const searched = read('src-renderer/lib/address.ts').includes("readonly screen: 'search'") ? ['search'] : [];
  const screens = [...matches(address, /'([\w-]+)'/g), ...searched];
  const detectors = matches(read('models/kinds.ts'), /import \{ (\w+) \} from '\.\/\1\//g);
  const texts = ['alerts'].flatMap((file) =>
    ['en', 'de'].map((language) => `src-renderer/text/${language}/${file}.ts`),
  );
  const settings = matches(
    `${between(read('src-main/contract/settings.ts'), 'const engineEntries = {', '\n};')}\n${between(read('src-main/contract/settings.ts'), 'settingsSchema = v.object({', '\n});')}`,
    /^ {2}(\w+): v\./gm,
  );
  const screenFiles = list('src-renderer/screens').filter((file) => file.endsWith('.svelte'));
  const fleetPlace = between(read('src-renderer/lib/fleet/address.ts'), 'export type FleetPlace', '\n\n');
  const fleetScreens = matches(fleetPlace, /'([\w-]+)'/g).filter((name) => name !== 'unknown');
  // Some screens stand in another one.
  const imports = screenFiles.map((file) => read(`src-renderer/screens/${file}`)).join('\n');
  const folders = list('models');
  const filesIn = (folder: string): string[] =>
    list(folder).flatMap((name) => (name.includes('.') ? [`${folder}/${name}`] : filesIn(`${folder}/${name}`)));
  const links = ['src-renderer/screens', 'src-renderer/parts'].flatMap(filesIn).map(read).join('\n');
  const queries = new Map(packs.flatMap((pack) => queriesIn(read(pack))));
  // What is the window's alone is read where it starts; TOLD names a setting, and reads none.
  const readers = [...filesIn('src-main'), 'src-renderer/App.svelte']
    .filter((file) => !/\/(?:contract\/settings|settings\/meanings|cli\/diagnostics)\.ts$/.test(file))
    .map(read)
    .join('\n');
  const weights = read('models/algorithm.ts');
  return [
    {
      kind: 'query',
      from: packs.join(' or '),
      names: [...queries.keys()],
      in: {
        'docs/osquery.md (a row: interval and importance as in the pack)': (text, name) =>
          isToldAs(queries.get(name)!, cellsOf(text, name), name.startsWith('ev_') ? '' : ', with removed'),
        'test/fixtures/osquery/tables.json (each table that it asks, with its columns as osquery has them)': (
          text,
          name,
        ) => tablesOf(queries.get(name)!).every((table) => Object.hasOwn(JSON.parse(text) as object, table)),
        'test/fixtures/lines/packs.jsonl (a line)': (text, name) =>
          new RegExp(`"name":"pack_user-behavior(?:-events)?_${name}"`).test(text),
        'test/engine/reading/fixtures.test.ts (whose that line is)': hasKey,
        'test/engine/answer/rows-of-packs.ts (a row)': hasKey,
        'test/conf/real-rows.test.ts (what it answers of a real row)': (text, name) =>
          new RegExp(`'${name}'`).test(text),
        ...Object.fromEntries(
          ['en', 'de'].map((language) => [
            `src-renderer/text/${language}/log.ts (label.LABEL, and column.COLUMN of each that is no identity)`,
            (text: string, name: string) =>
              [
                `label.${queries.get(name)!.learn.label}`,
                ...taughtBy(queries.get(name)!).map(([column]) => `column.${column}`),
              ].every((key) => text.includes(`'${key}':`)),
          ]),
        ),
      },
    },
    {
      kind: 'detector',
      from: 'models/kinds.ts',
      names: detectors,
      in: {
        'models/algorithm.ts (its weight)': hasKey,
        ...Object.fromEntries(
          texts.map((file) => [
            `${file} (detector.NAME, asks.NAME, by.NAME)`,
            (text: string, name: string) =>
              ['detector', 'asks', 'by'].every((key) => text.includes(`'${key}.${name}':`)),
          ]),
        ),
        'models/NAME/README.md': (_, name) => folders.includes(name) && list(`models/${name}`).includes('README.md'),
        'docs/architecture.md (a row)': inRow,
        'docs/decisions/weights.md (its weight in the heading, and why)': (text, name) =>
          new RegExp(`^# .*\\b${name} ${weightIn(weights, name)}(?:,|$)`, 'm').test(text),
        // They are trained with all that counts in `both`: one without it is not loaded.
        'models/shipped/alice/profile.json (npm run models)': (text, name) =>
          (hasKey(weights, name) && !hasKey(between(weights, 'both: {', '}'), name)) ||
          Object.hasOwn((JSON.parse(text) as { scales: object }).scales, name),
      },
    },
    {
      kind: 'screen',
      from: 'src-renderer/lib/address.ts',
      names: [...new Set(screens)],
      in: {
        'src-renderer/App.svelte': (text, name) =>
          name === 'unknown' || text.includes(`place.screen === '${name}'`) || hasKey(text, name),
        'test/window/journeys/access.ts': hasKey,
        'test/renderer/address.test.ts': (text, name) => text.includes(`'${name}'`),
        'test/window/pictures.ts': hasKey,
        'any link of src-renderer/screens/ or parts/ (#/NAME)': (_, name) =>
          name === 'unknown' || new RegExp(`screen: '${name}'|"#/${name}[/?"]`).test(links),
      },
    },
    {
      kind: 'screen',
      from: 'src-renderer/screens/',
      names: screenFiles.map((file) => file.replace('.svelte', '')),
      in: {
        'src-renderer/App.svelte': (text, name) =>
          text.includes(`'./screens/${name}.svelte'`) || imports.includes(`'./${name}.svelte'`),
      },
    },
    {
      kind: 'screen',
      from: 'src-renderer/lib/fleet/address.ts',
      names: fleetScreens,
      in: {
        'src-renderer/FleetApp.svelte': (text, name) => text.includes(`place.screen === '${name}'`),
        'test/fleet/window.test.ts': hasKey,
        'test/renderer/fleet.test.ts': (text, name) => text.includes(`'${name}'`),
      },
    },
    {
      kind: 'setting',
      from: 'src-main/contract/settings.ts',
      names: settings,
      in: {
        'README.md (a row: its meaning as in meanings.ts, its default)': (text, name) =>
          isExplained(name, text, read('src-main/contract/settings.ts'), read('src-main/settings/meanings.ts')),
        'src-main/settings/meanings.ts': hasKey,
        'src-main/cli/diagnostics.ts (in TOLD: whether a bundle of diagnostics may tell it)': (text, name) =>
          hasKey(between(text, 'const TOLD', '};'), name),
        'any screen of the window (`change({ NAME`), or noField of test/house/forgotten.ts (why it has none)': (
          _,
          name,
        ) => Object.hasOwn(noField, name) || new RegExp(`\\bchange\\(\\{ ${name}\\b`).test(imports),
        'any file of src-main/, or src-renderer/App.svelte (what reads it)': (_, name) =>
          new RegExp(`[.{,]\\s*${name}\\b`).test(readers),
      },
    },
    {
      kind: 'command',
      from: 'the command line',
      names: ['src-main/cli.ts', 'src-main/cli/alert-commands.ts', 'src-main/cli/model-commands.ts']
        .map(read)
        .flatMap(commandsIn),
      in: {
        'README.md': saysCommand,
      },
    },
  ];
}

/** What is added and not named everywhere, as sentences that say where it belongs. */
export const forgottenIn = (checkout: Checkout): string[] =>
  placesOf(checkout).flatMap(({ kind, from, names, in: places }) =>
    names.flatMap((name) =>
      Object.entries(places).flatMap(([place, isNamed]) => {
        const [file = ''] = place.split(' (');
        const text = file.includes('NAME') || file.includes(' ') ? '' : checkout.read(file);
        return isNamed(text, name)
          ? []
          : [`the ${kind} ${name} of ${from} is not in ${place.replaceAll('NAME', name)}`];
      }),
    ),
  );
