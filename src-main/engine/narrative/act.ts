import type { Action, QueryLearning } from '../../../models/action.ts';
import { plainAddress } from '../../../models/features/addresses.ts';
import { unknownQuery } from '../../../models/features/kinds.ts';
import { short, tellAction } from '../explanation/describe.ts';

/** An action as a person tells of it. What its row does not say is absent. */
export interface Act {
  readonly id: number;
  readonly time: number;
  readonly kind: ActKind;
  readonly label: string;
  readonly importance: number;
  /** It is the end of something: nothing began. */
  readonly ended: boolean;
  /** Path or name. */
  readonly program?: string;
  readonly parent?: string;
  /** The far side of a connection or of a login. */
  readonly address?: string;
  readonly port?: string;
  readonly file?: string;
  readonly tty?: string;
  /** Of a cron job: whose crontab it is in. */
  readonly owner?: string;
  /** Of a port: only this machine reaches it. */
  readonly isLoopback?: true;
  /** Of a login: the table tells its end, too. */
  readonly lasts?: true;
  /** Number of the login session that systemd gave. */
  readonly session?: string;
  /** What tells it from others of its kind. */
  readonly name: string;
}

/** What of an action a story is made of. */
export type Acted = Pick<Action, 'query' | 'columns' | 'time'> &
  Partial<Pick<Action, 'change'>> & { readonly id: number };

const byQuery = {
  sessions: 'session',
  listening: 'port',
  listening_ports: 'port',
  media: 'device',
  usb: 'device',
  usb_devices: 'device',
  ev_hardware: 'device',
  kernel_modules: 'module',
  gateway: 'gateway',
  users: 'account',
  admins: 'admin',
  authorized_keys: 'key',
  crontab: 'cron',
  autostart: 'autostart',
  startup_items: 'autostart',
  systemd_units: 'unit',
  sudoers: 'sudo',
} as const;
export type ActKind =
  (typeof byQuery)[keyof typeof byQuery] | 'login' | 'command' | 'connection' | 'file' | 'program' | 'other';

/** A name is shown in this many characters. */
const NAME = 60;
/** A path in a chain. */
const PATH = 120;

export function actOf({ id, time, query, change, columns }: Acted, learning: ReadonlyMap<string, QueryLearning>): Act {
  const { label, importance } = learning.get(query) ?? unknownQuery(query);
  const at = (column: string): string | undefined => valueAt(columns, column);
  const kind = kindOf(query, at);
  const program = kind === 'file' ? (at('exe') ?? at('name')) : (at('path') ?? at('name'));
  const address = kind === 'login' ? remoteHost(at('host') ?? at('address')) : at('remote_address');
  const known = {
    program: hasProgram.has(kind) ? program : undefined,
    parent: at('parent_name'),
    address: address && plainAddress(address),
    port: at('remote_port') ?? at('port'),
    file: kind === 'file' ? at('path') : undefined,
    tty: at('tty') ?? at('terminal'),
    owner: kind === 'cron' ? ownerOf(at('path')) : undefined,
    session: /\/session-(\w{1,20})\.scope$/.exec(at('cgroup_path') ?? '')?.[1],
  };
  // Tens of thousands are counted: what a kind does not need is not made.
  const told = (): string | undefined =>
    hasProgram.has(kind) ? known.program : tellAction({ query, columns }, learning).words.value;
  const name = nameOf(kind, at) ?? told() ?? label;
  const isLoopback = kind === 'port' && /^(?:127\.|::1$|::ffff:127\.)/i.test(at('address') ?? '');
  const lasts = kind === 'login' && at('tty') !== undefined;
  const act: Record<string, string> = {};
  for (const [key, value] of Object.entries(known)) if (value !== undefined) act[key] = shown(value, PATH);
  return {
    id,
    time,
    kind,
    label: shown(label, NAME),
    importance,
    ended: change === 'removed',
    ...act,
    ...(isLoopback && { isLoopback }),
    ...(lasts && { lasts }),
    name: shown(name, NAME),
  };
}

/** cron(8): a user's own is named after them. */
export const ownerOf = (path = ''): string | undefined =>
  /^\/var\/spool\/cron\/(?:crontabs\/)?([^/]+)$/.exec(path)?.[1];

/** The same as `short`, which looks at each character, for what most values are. */
const shown = (text: string, most: number): string =>
  text.length < most && /^[!-~](?:[ -~]*[!-~])?$/.test(text) ? text : short(text, most);

/** What kind of row it is, by its query and the columns that it has. */
export const rowKind = ({ query, columns }: Pick<Action, 'query' | 'columns'>): ActKind =>
  kindOf(query, (column) => valueAt(columns, column));

/** A column's value; undefined where the row has none, or an empty one. */
export function valueAt(columns: Action['columns'], column: string): string | undefined {
  const value = Object.hasOwn(columns, column) ? columns[column] : undefined;
  return value === undefined || value === '' ? undefined : value;
}

type At = (column: string) => string | undefined;
const hasProgram: ReadonlySet<ActKind> = new Set<ActKind>(['program', 'connection', 'file', 'port']);

function kindOf(query: string, at: At): ActKind {
  if (Object.hasOwn(byQuery, query)) return byQuery[query as keyof typeof byQuery];
  if (at('tty') !== undefined && (at('host') ?? at('user')) !== undefined) return 'login';
  if (at('terminal') !== undefined && /login/i.test(at('type') ?? '')) return 'login';
  if (at('verb') !== undefined || query.startsWith('shell_')) return 'command';
  if (at('command') !== undefined && at('minute') === undefined && at('event') === undefined) return 'command';
  if (at('remote_address') !== undefined) return 'connection';
  if (query === 'sensitive_open') return 'file';
  return /process|program/.test(query) && (at('path') ?? at('name')) !== undefined ? 'program' : 'other';
}

/** The host of a login from elsewhere: ":0" and "localhost" are the machine itself. */
export const remoteHost = (host: string | undefined): string | undefined =>
  host === undefined || /^(:|localhost$|127\.|::1$|tty)/.test(host) ? undefined : host;

function nameOf(kind: ActKind, at: At): string | undefined {
  switch (kind) {
    case 'command':
      return at('verb') ?? at('command')?.trimStart().split(/\s/, 1)[0];
    case 'key': {
      const where = at('key_file') ?? at('username');
      return at('comment') === undefined ? where : where === undefined ? at('comment') : `${at('comment')!} (${where})`;
    }
    case 'cron':
      return at('verb') ?? at('command');
    case 'account':
      return at('username');
    case 'admin':
      return joined(at('groupname'), at('uid') && `(uid ${at('uid')!})`);
    case 'sudo':
      return joined(at('header'), at('rule_details'));
    case 'device':
      return joined(at('vendor'), at('model')) ?? joined(at('device'), at('path'));
    case 'gateway':
      return at('address');
    case 'module':
    case 'unit':
      return at('name') ?? at('id');
    default:
      return undefined;
  }
}

function joined(...parts: readonly (string | undefined)[]): string | undefined {
  const given = parts.filter((part) => part !== undefined);
  return given.length === 0 ? undefined : given.join(' ');
}

export const addressOf = ({ address = '', port }: Pick<Act, 'address' | 'port'>): string => {
  const host = address.includes(':') ? `[${address}]` : address;
  return port === undefined ? host : `${host}:${port}`;
};
