import * as v from 'valibot';

import { settingsSchema, type Settings } from '../contract/settings.ts';
import { defaultPack } from '../engine/reading/pack.ts';
import { QueryNames } from '../engine/reading/query-name.ts';
import { readText } from './evaluate/input.ts';
import { exitCodes, Failure } from './failure.ts';
import { sayTable, tellUser } from './output.ts';
import { openSharedConfig, type Shared } from './setup.ts';

type Parameters = Settings['original'];

/** What of the original's sections is a parameter of its methods here. */
const parameterOf: Readonly<Record<string, keyof Parameters>> = {
  'lstm.hidden_layers': 'hidden',
  'lstm.epochs': 'epochs',
  'lstm.batch_size': 'batch',
  'lstm.dropout': 'dropout',
  'ocsvm.nu': 'nu',
  'ocsvm.kernel': 'kernel',
  'ocsvm.gamma': 'gamma',
};
/** The setting of our own models that is the same thing. Not γ: one for rows of raw numbers says nothing of ours. */
const ownOf = {
  hidden: 'lstmUnits',
  epochs: 'lstmEpochs',
  batch: 'lstmBatch',
  dropout: 'lstmDropout',
  nu: 'svmNu',
} as const satisfies Partial<Record<keyof Parameters, keyof Settings>>;
type Own = (typeof ownOf)[keyof typeof ownOf];
/** What the LSTM's cells are a multiple of. */
const CELLS = 8;

interface Entry {
  readonly line: number;
  readonly section: string;
  readonly key: string;
  readonly value: string;
}

/** `ubad config import FILE`: scores and parameters out of a settings.ini of the original project, for its methods and for ours. */
export function importOriginal(file: string, options: Shared): void {
  const entries = entriesOf(file);
  const opened = openSharedConfig(options);
  const pack = defaultPack();
  // As the log is read: under each of the names that osquery gives a pack's results.
  const names = new QueryNames(pack);
  const scores: Record<string, number> = { ...opened.config.scores };
  const original: Record<string, unknown> = { ...opened.config.original };
  const own = new Map<Own, number>();
  const rows = entries.map(({ line, section, key, value }) => {
    const told = (became: string): [string, string, string] => [`${section}.${key}`, value, became];
    if (section === 'scores') {
      const { query } = names.find(key);
      scores[query] = checked(file, line, key, value, (number) => number >= 0 && number <= 10, 'a number from 0 to 10');
      return told(`scores.${query}${pack.learning.has(query) ? '' : ' (no pack that ships asks it)'}`);
    }
    const parameter = parameterOf[`${section}.${key}`];
    if (parameter === undefined) return told('left: there is nothing like it here');
    const taken = parameter === 'kernel' ? value : checked(file, line, key, value, Number.isFinite, 'a number');
    const schema = settingsSchema.entries.original.wrapped.entries[parameter];
    if (!v.is(schema, taken)) return told(`left: ${parameter} cannot be that here`);
    original[parameter] = taken;
    return told(`original.${parameter}${takenAsOwn(parameter, taken, own)}`);
  });
  try {
    opened.set('scores', scores);
    opened.set('original', original);
    for (const [name, value] of own) opened.set(name, value);
  } catch (error) {
    throw new Failure(error instanceof Error ? error.message : String(error), exitCodes.usage);
  }
  sayTable(['of the file', 'value', 'is now'], rows);
  if (own.size > 0) tellUser('lstm… and svm… hold from the next training on: ubad train, or “Train now” in the window');
}

/** Takes a parameter for our own models too. @returns what is to be told of that */
function takenAsOwn(parameter: keyof Parameters, taken: unknown, own: Map<Own, number>): string {
  if (parameter === 'gamma') return ' (not svmGamma: that is not of raw numbers)';
  const name = parameter in ownOf ? ownOf[parameter as keyof typeof ownOf] : undefined;
  if (name === undefined || typeof taken !== 'number') return '';
  const value = name === 'lstmUnits' ? Math.round(taken / CELLS) * CELLS : taken;
  if (!v.is(settingsSchema.entries[name], value)) return ` (${name} cannot be that here)`;
  own.set(name, value);
  return `, ${name}${value === taken ? '' : `: ${value}, the nearest that can be`}`;
}

function checked(
  file: string,
  line: number,
  key: string,
  text: string,
  isRight: (value: number) => boolean,
  what: string,
): number {
  const value = text === '' ? NaN : Number(text);
  if (!isRight(value)) {
    throw new Failure(`${file}: line ${line}: ${key} is «${text}»; use ${what}. Nothing was changed.`, exitCodes.usage);
  }
  return value;
}

/** The entries of an ini file as Python's ConfigParser reads them: `key: value` or `key = value`, keys in any case. */
function entriesOf(file: string): Entry[] {
  let section: string | undefined;
  const entries = readText(file)
    .split(/\r?\n/)
    .flatMap((text, l): Entry[] => {
      const bare = text.trim();
      if (bare === '' || bare.startsWith('#') || bare.startsWith(';')) return [];
      const head = /^\[([^\]]+)\]$/.exec(bare)?.[1];
      if (head !== undefined) {
        section = head.toLowerCase();
        return [];
      }
      const [, key, value] = /^([^:=]+?)\s*[:=]\s*(.*)$/.exec(bare) ?? [];
      if (section === undefined || key === undefined || value === undefined) {
        throw new Failure(
          `${file}: line ${l + 1} is no entry of a settings.ini ([section], then key: value). Nothing was changed.`,
          exitCodes.unreadable,
        );
      }
      return [{ line: l + 1, section, key: key.toLowerCase(), value }];
    });
  const taken = entries.some(({ section: of, key }) => of === 'scores' || parameterOf[`${of}.${key}`] !== undefined);
  if (!taken)
    throw new Failure(`${file}: it has no [scores], [LSTM] or [OCSVM] of the original.`, exitCodes.unreadable);
  return entries;
}
