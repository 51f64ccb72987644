import type { Config } from '../settings/config.ts';
import { settingNames } from '../contract/settings.ts';
import { visibleJson } from '../contract/visible-text.ts';
import { exitCodes, Failure } from './failure.ts';
import { say, sayJson } from './output.ts';
import { openSharedConfig, type Shared } from './setup.ts';

const keyOf = (text: string): keyof Config => {
  const key = settingNames.find((known) => known === text);
  if (!key) throw new Failure(`no setting «${text}»; there are ${settingNames.join(', ')}.`, exitCodes.usage);
  return key;
};

/** `ubad config get [KEY]` */
export function getConfig(key: string | undefined, options: Shared): void {
  const { config } = openSharedConfig(options);
  if (key === undefined) sayJson(config);
  else {
    const value = config[keyOf(key)];
    say(typeof value === 'string' ? value : visibleJson(value));
  }
}

/** `ubad config set KEY VALUE`; a value is JSON, else a text. */
export function setConfig(key: string, text: string, options: Shared): void {
  const opened = openSharedConfig(options);
  try {
    opened.set(keyOf(key), valueOf(text));
  } catch (error) {
    if (error instanceof Failure || !(error instanceof Error)) throw error;
    throw new Failure(error.message, exitCodes.usage);
  }
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
