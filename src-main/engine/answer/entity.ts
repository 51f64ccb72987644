import type { Action } from '../../../models/action.ts';
import { plainAddress } from '../../../models/features/addresses.ts';
import { remoteHost, rowKind, valueAt } from '../narrative/act.ts';

type Row = Pick<Action, 'query' | 'columns'>;

/**
 * The program that a row is about: its path, else its name. Undefined where it is about something else, whatever paths it
 * holds: a history file, a key file and a crontab start nothing.
 */
export function programOf(row: Row): string | undefined {
  const at = (column: string): string | undefined => valueAt(row.columns, column);
  switch (rowKind(row)) {
    case 'command':
      return firstWord(at('verb') ?? at('command') ?? at('cmdline'));
    case 'file':
      return at('exe') ?? at('name');
    case 'program':
    case 'connection':
    case 'port':
      return at('path') ?? at('name') ?? firstWord(at('cmdline'));
    case 'login':
    case 'other':
      // The path of a process, unless it is that of a file which the process has open.
      return at('pid') !== undefined && at('fd') === undefined ? at('path') : undefined;
    default:
      return undefined;
  }
}

/** The other machine of a connection or a login. */
export function farAddressOf(row: Row): string | undefined {
  const at = (column: string): string | undefined => valueAt(row.columns, column);
  const kind = rowKind(row);
  const address =
    kind === 'login'
      ? remoteHost(at('host') ?? at('address'))
      : kind === 'connection'
        ? at('remote_address')
        : undefined;
  return address === undefined ? undefined : plainAddress(address);
}

const firstWord = (text: string | undefined): string | undefined => text?.trimStart().split(/\s/, 1)[0];
