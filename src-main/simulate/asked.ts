import modern from '../../conf/user-behavior.json' with { type: 'json' };
import type { Happening } from './happening.ts';

/** A row that a query would find while it is there. */
export interface Asked {
  readonly query: string;
  readonly columns: Readonly<Record<string, string>>;
  /** What tells rows apart that look the same. */
  readonly id?: number;
}

/** How a pack looks at what happens. */
export interface View {
  /** The name of a query's results, without the query. */
  readonly prefixOf: (query: string) => string;
  readonly rowsOf: (happening: Happening) => readonly Asked[];
  /** Seconds between two looks. */
  readonly intervalOf: (query: string) => number;
  /** Whether its rows are events: each is told once, however short it was. */
  readonly isEvent: (query: string) => boolean;
  /** Whether the end of a row is told too. */
  readonly tellsEnd: (query: string) => boolean;
  /** Whether osquery counts its results, or, as in 2017, its runs. */
  readonly counts: 'results' | 'runs';
}

/** The kernel keeps so much of a program's name. */
const NAME_LENGTH = 15;
const sensitive = /^\/home\/[^/]+\/\.(ssh|gnupg)\/|^\/etc\/(shadow|sudoers)$|\/key4\.db$/;

const queries: Readonly<Record<string, { interval: number; removed?: boolean }>> = modern.queries;

/** conf/user-behavior.json. */
export const modernView: View = {
  prefixOf: () => 'pack_user-behavior_',
  isEvent: () => false,
  intervalOf: (query) => queries[query]!.interval,
  tellsEnd: (query) => queries[query]!.removed !== false,
  counts: 'results',
  rowsOf(happening) {
    const uid = String(happening.uid);
    const slice = `/user.slice/user-${uid}.slice/${scopeOf(happening)}`;
    switch (happening.kind) {
      case 'process': {
        const { pid, parent, path, asRoot, onDisk } = happening;
        const columns = {
          pid: String(pid),
          start_time: whole(happening.started ?? happening.time),
          uid: asRoot ? '0' : uid,
          euid: asRoot ? '0' : uid,
          parent: String(parent.pid),
          parent_name: short(parent.name),
          name: short(happening.name),
          path,
          on_disk: onDisk ? '1' : '0',
          cgroup_path: slice,
        };
        return [{ query: 'process_start', columns }];
      }
      case 'socket': {
        const { name, path, address, port } = happening;
        const remote = { protocol: '6', remote_address: address, remote_port: String(port) };
        return [{ query: 'net_out', columns: { uid, name: short(name), path, cgroup_path: slice, ...remote } }];
      }
      case 'listening': {
        const { name, path, port, address = '0.0.0.0' } = happening;
        const columns = { uid, name: short(name), path, protocol: '6', address, port: String(port) };
        return [{ query: 'listening', columns }];
      }
      case 'command': {
        const { user, command } = happening;
        const verb = command.split(' ', 1)[0]!;
        const said = { time: whole(happening.time), verb, len: String(command.length) };
        return [
          {
            query: 'shell_verb',
            columns: { uid, username: user, ...said, history_file: `/home/${user}/.bash_history` },
          },
        ];
      }
      case 'file': {
        const { name, exe, path } = happening;
        return sensitive.test(path)
          ? [{ query: 'sensitive_open', columns: { uid, name: short(name), exe, path } }]
          : [];
      }
      case 'session': {
        const { user, tty, from, pid, time } = happening;
        const login = { type: 'user', user, tty, host: from, time: whole(time), pid: String(pid) };
        return [
          { query: 'sessions', columns: { cgroup_path: slice } },
          { query: 'logins', columns: login },
        ];
      }
      case 'device': {
        const { device, mount } = happening;
        const medium = { device: '/dev/sdb1', path: mount ?? '', type: 'vfat' };
        return [
          { query: 'usb', columns: { ...device } },
          ...(mount === undefined ? [] : [{ query: 'media', columns: medium }]),
        ];
      }
      case 'state':
        return happening.query === 'neighbour' ? [] : [{ query: happening.query, columns: happening.columns }];
    }
  },
};

/** First letters of commands that the pack of 2017 asked for; it saw root's own history only. */
const prefixes =
  /^(su|ssh|scp|rm|cp|mv|chmod|chown|wget|curl|git|apt|docker|make|python|vim|cat|kill|mount|ps|tail|systemctl)/;

/** What the original project asked in 2017: no user, no process of a socket, everything added and removed. */
export const viewOf2017: View = {
  prefixOf: () => 'pack_external_pack_',
  isEvent: () => false,
  intervalOf: () => 30,
  tellsEnd: () => true,
  counts: 'runs',
  rowsOf(happening) {
    switch (happening.kind) {
      case 'process':
        return [{ query: 'processes', columns: { name: short(happening.name) }, id: happening.pid }];
      case 'socket': {
        const { address, port, localPort } = happening;
        const columns = { remote_address: address, remote_port: String(port), local_port: String(localPort) };
        return [{ query: 'open_sockets', columns }];
      }
      case 'file':
        return [{ query: 'open_files', columns: { path: happening.path } }];
      case 'listening':
        return [
          {
            query: 'listening_ports',
            columns: { port: happening.port < 1024 ? '0' : happening.port < 32_768 ? '1' : '2' },
          },
        ];
      case 'command': {
        const [, command = ''] = /^sudo (.*)/.exec(happening.command) ?? [];
        return prefixes.test(command) ? [{ query: 'shell_history', columns: { command }, id: happening.time }] : [];
      }
      case 'session':
        return [{ query: 'logged_in_users', columns: { tty: happening.tty, time: whole(happening.time) } }];
      case 'device':
        return [{ query: 'usb_devices', columns: { model_id: happening.device.model_id } }];
      case 'state': {
        const { query, columns } = happening;
        if (query === 'kernel_modules') return [{ query, columns }];
        if (query !== 'neighbour' && query !== 'gateway') return [];
        return [{ query: 'arp_cache', columns: { address: columns.address!, mac: columns.mac! } }];
      }
    }
  },
};

const scopeOf = (happening: Happening): string =>
  happening.kind === 'process' && happening.byManager
    ? `user@${happening.uid}.service/app.slice/${happening.name}.service`
    : `session-${happening.session}.scope`;
const whole = (time: number): string => String(Math.floor(time));
const short = (name: string): string => name.slice(0, NAME_LENGTH);
