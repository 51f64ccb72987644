import type { Action } from '../action.ts';
import type { Fact } from './facts-of.ts';
import { alike, baseOf, placeOf } from './place.ts';
import { classOf } from './program-class.ts';

type Columns = Action['columns'];

/**
 * What a row tells of how a machine is set up: ways to come back, rights, devices, the kernel. One such row that was never there
 * tells by itself. By columns of osquery's tables crontab, sudoers, users, user_groups, authorized_keys, file, usb_devices,
 * kernel_modules.
 * @param ofMachine whether the row is nobody's: then an open port is one of a service
 */
export function settingOf({ query, columns }: Pick<Action, 'query' | 'columns'>, ofMachine: boolean): Fact | undefined {
  if (query.includes('kernel_modules') && columns.name !== undefined)
    return { family: 'module', group: 'module', key: columns.name };
  for (const of of tables) {
    const fact = of(columns);
    if (fact) return { group: fact.family, family: fact.family, key: fact.key };
  }
  const { port, name, remote_port: remote } = columns;
  if (ofMachine && port !== undefined && name !== undefined && remote === undefined)
    return { family: 'service port', group: 'service port', key: `${name}:${port}` };
  return undefined;
}

type Told = Pick<Fact, 'family' | 'key'> | undefined;

const tables: readonly ((columns: Columns) => Told)[] = [
  ({ minute, hour, verb, command = verb, path = '' }): Told => {
    if (minute === undefined || hour === undefined || command === undefined) return undefined;
    return { family: `job ${kindOf(command)}`, key: `${path} ${alike(command)}` };
  },
  ({ header, rule_details: rule }): Told => {
    if (header === undefined || rule === undefined) return undefined;
    return { family: `sudo ${/\bALL$/.test(rule.trim()) ? 'all' : 'some'}`, key: `${header} ${rule}` };
  },
  ({ username, shell, uid }): Told => {
    if (username === undefined || shell === undefined || uid === undefined) return undefined;
    return { family: `account ${/nologin|false|sync$/.test(shell) ? 'service' : 'login'}`, key: username };
  },
  ({ groupname, uid }): Told =>
    groupname === undefined || uid === undefined ? undefined : { family: 'administrator', key: `${groupname} ${uid}` },
  ({ key_file: file, algorithm, key, comment = '' }): Told =>
    file === undefined || algorithm === undefined
      ? undefined
      : { family: 'key', key: `${file} ${algorithm} ${comment} ${key ?? ''}` },
  ({ path, mtime }): Told =>
    path?.endsWith('.desktop') === true && mtime !== undefined
      ? { family: `autostart ${placeOf(path)}`, key: alike(path) }
      : undefined,
  ({ vendor_id: vendor, model_id: model, serial = '', removable }): Told =>
    vendor === undefined || model === undefined
      ? undefined
      : { family: `usb ${removable === '1' ? 'disk' : 'other'}`, key: `${vendor} ${model} ${serial}` },
  ({ device, path, type, mtime }): Told =>
    device === undefined || path === undefined || type === undefined || mtime !== undefined
      ? undefined
      : { family: 'medium', key: path },
];

/** What a job runs: where it lies, where anybody may have put it there, else what it is. */
function kindOf(command: string): string {
  const program = command.split(' ').find((word) => word.startsWith('/')) ?? command.split(' ', 1)[0]!;
  const place = placeOf(program);
  if (place === 'system' || place === 'none') return classOf(baseOf(program));
  return place;
}
