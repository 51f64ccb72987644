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
  /** By file: whether it names one. */
  readonly in: Readonly<Record<string, (text: string, name: string) => boolean>>;
}

const packs = ['conf/user-behavior.json', 'conf/user-behavior-events.json'];
const between = (text: string, begin: string, end: string): string => text.split(begin)[1]?.split(end)[0] ?? '';
const matches = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map((match) => match[1]!);

const queriesIn = (text: string): string[] => Object.keys((JSON.parse(text) as { queries: object }).queries);

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
  const screenFiles = list('src-renderer/screens');
  // Some screens stand in another one.
  const imports = screenFiles.map((file) => read(`src-renderer/screens/${file}`)).join('\n');
  const folders = list('models');
  return [
    {
      kind: 'query',
      from: packs.join(' or '),
      names: packs.flatMap((pack) => queriesIn(read(pack))),
      in: {
        'docs/osquery.md': inRow,
        'test/fixtures/lines/packs.jsonl': (text, name) => text.includes(`_${name}"`) || text.includes(`"${name}"`),
      },
    },
    {
      kind: 'detector',
      from: 'models/kinds.ts',
      names: detectors,
      in: {
        'models/algorithm.ts': hasKey,
        ...Object.fromEntries(
          texts.map((file) => [
            file,
            (text: string, name: string) =>
              ['detector', 'asks', 'by'].every((key) => text.includes(`'${key}.${name}':`)),
          ]),
        ),
        'models/NAME/README.md': (_, name) => folders.includes(name) && list(`models/${name}`).includes('README.md'),
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
      kind: 'setting',
      from: 'src-main/contract/settings.ts',
      names: settings,
      in: { 'README.md': inRow },
    },
    {
      kind: 'command',
      from: 'src-main/cli.ts',
      names: commandsIn(read('src-main/cli.ts')),
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
      Object.entries(places).flatMap(([file, isNamed]) =>
        isNamed(file.includes('NAME') ? '' : checkout.read(file), name)
          ? []
          : [`the ${kind} ${name} of ${from} is not in ${file.replace('NAME', name)}`],
      ),
    ),
  );
