import type { Draw } from './draw.ts';

/** What is typed after what: a Markov chain of first words, with weights. */
export type Chain = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Chance of going on with something else altogether, as people do. */
const JUMP = 0.08;
/** Chance of one of the commands that everybody knows and hardly ever uses. */
const RARE = 0.02;
const rare = [
  ...[
    'date',
    'cal',
    'whoami',
    'uname',
    'which',
    'file',
    'stat',
    'sort',
    'uniq',
    'diff',
    'chmod',
    'mkdir',
    'touch',
    'ln',
  ],
  ...[
    'zip',
    'seq',
    'tee',
    'xargs',
    'awk',
    'sed',
    'cut',
    'tr',
    'nl',
    'od',
    'bc',
    'factor',
    'time',
    'watch',
    'tree',
    'jq',
  ],
  ...[
    'convert',
    'pandoc',
    'aspell',
    'units',
    'locate',
    'lsblk',
    'free',
    'uptime',
    'lscpu',
    'id',
    'groups',
    'env',
    'dig',
  ],
];

/** One line a word: `cd: ls 4 git 5`. @throws Error naming a word that leads nowhere */
export function chainOf(text: string): Chain {
  const chain = Object.fromEntries(
    text
      .trim()
      .split('\n')
      .map((line): [string, Record<string, number>] => {
        const [word = '', next = ''] = line.split(':');
        const pairs = [...next.matchAll(/(\S+) (\d+)/g)];
        return [
          word.trim(),
          Object.fromEntries(pairs.map(([, to, weight]): [string, number] => [to!, Number(weight)])),
        ];
      }),
  );
  for (const [word, next] of Object.entries(chain)) {
    if (Object.keys(next).length === 0) throw new Error(`nothing follows «${word}»`);
  }
  return chain;
}

/** The word after `last`, or a first one. */
export function nextWord(chain: Chain, last: string | undefined, draw: Draw): string {
  if (draw.chance(RARE)) return rare[draw.rank(rare.length)]!;
  const next = last === undefined || draw.chance(JUMP) ? undefined : chain[last];
  return next === undefined ? draw.pick(Object.keys(chain)) : draw.weighted(next);
}

/** What is done as root, and how often. */
const asRoot = {
  systemctl: 8,
  apt: 4,
  tail: 4,
  journalctl: 4,
  vim: 3,
  less: 2,
  cat: 2,
  ls: 2,
  cp: 1,
  chown: 1,
  ss: 1,
  lsof: 1,
};

const words = ['src', 'notes', 'data', 'main', '-l', '-v', '--all', 'report', 'old', 'test', '-n', 'status', 'commit'];

/** The command as it may be typed: nobody reads the arguments, but their length is told. */
export function withArguments(verb: string, draw: Draw): string {
  if (verb === 'sudo') return `sudo ${draw.weighted(asRoot)} ${draw.pick(words)}`;
  const count = Math.floor(draw.logNormal(1, 0.8));
  return [verb, ...Array.from({ length: Math.min(count, 6) }, () => draw.pick(words))].join(' ');
}
