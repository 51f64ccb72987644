import type { Config } from '../settings/config.ts';
import { meanings } from '../settings/meanings.ts';
import { isWatched } from '../terminal/terminal.ts';
import { settingNames } from '../contract/settings.ts';
import { visibleJson } from '../contract/visible-text.ts';
import { exitCodes, Failure } from './failure.ts';
import { say, sayJson, sayTable, tellUser } from './output.ts';
import { openSharedConfig, type InspectOptions, type Shared } from './setup.ts';

const keyOf = (text: string): keyof Config => {
  const key = settingNames.find((known) => known === text);
  if (!key) throw new Failure(`no setting «${text}»; there are ${settingNames.join(', ')}.`, exitCodes.usage);
  return key;
};

/** `ubad config get [KEY]`: one value alone, for scripts, or all with what they mean. */
export function getConfig(key: string | undefined, options: InspectOptions): void {
  const { config } = openSharedConfig(options);
  if (key === undefined) {
    if (options.json) sayJson(config);
    else
      sayTable(
        ['setting', 'value', 'meaning'],
        settingNames.map((name) => [name, textOf(config[name]), meanings[name]]),
      );
    return;
  }
  const name = keyOf(key);
  if (options.json) sayJson(config[name]);
  else say(textOf(config[name]));
  if (isWatched()) tellUser(`${name}: ${meanings[name]}`);
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : visibleJson(value));

/** How Conf begins what a value must be. */
const VIOLATION = 'Config schema violation: ';

/** `ubad config set KEY VALUE`; a value is JSON, else a text. */
export function setConfig(key: string, text: string, options: Shared): void {
  const opened = openSharedConfig(options);
  const name = keyOf(key);
  try {
    opened.set(name, valueOf(text));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const why = error.message.replace(VIOLATION, '');
    const told = error.message.startsWith(VIOLATION)
      ? `${name} cannot be «${text}»: ${why}. It is: ${meanings[name]}. Nothing was changed.`
      : why;
    throw new Failure(told, exitCodes.usage);
  }
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
