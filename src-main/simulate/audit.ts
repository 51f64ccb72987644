import events from '../../conf/user-behavior-events.json' with { type: 'json' };
import type { Asked, View } from './asked.ts';
import type { Happening } from './happening.ts';

const queries: Readonly<Record<string, { readonly interval: number }>> = events.queries;

/** The audit system's rows of what happens, as conf/user-behavior-events.json asks for them: each start, each connection. */
function eventsOf(happening: Happening): Asked[] {
  const auid = String(happening.uid);
  const time = String(Math.floor(happening.time));
  // Who never logged in has no audit user: what a machine does by itself is left out by the query.
  if (happening.uid < 1000) return [];
  if (happening.kind === 'process' && happening.started === undefined) {
    const { pid, parent, path, script = path, asRoot } = happening;
    const uid = asRoot ? '0' : auid;
    const columns = {
      pid: String(pid),
      parent: String(parent.pid),
      path: script,
      auid,
      uid,
      euid: uid,
      syscall: 'execve',
      time,
    };
    return [{ query: 'ev_process', columns }];
  }
  if (happening.kind === 'socket') {
    const { pid, path, address, port } = happening;
    const isV6 = address.includes(':');
    const columns = {
      pid: String(pid),
      path,
      auid,
      family: isV6 ? '10' : '2',
      remote_address: isV6 ? atFullLength(address) : address,
      remote_port: String(port),
      status: 'succeeded',
      time,
    };
    return [{ query: 'ev_socket', columns }];
  }
  return [];
}

/** As osquery writes an IPv6 address of the audit system. @param address with one «::» at most */
function atFullLength(address: string): string {
  const [before = [], after = []] = address.split('::').map((side) => side.split(':').filter((group) => group !== ''));
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...zeros, ...after].map((group) => group.padStart(4, '0')).join(':');
}

/** A pack's view, and the audit pack's beside it: events are told once each, and none is missed. */
export const withAudit = (view: View): View => ({
  ...view,
  prefixOf: (query) => (query in queries ? 'pack_user-behavior-events_' : view.prefixOf(query)),
  intervalOf: (query) => queries[query]?.interval ?? view.intervalOf(query),
  isEvent: (query) => query in queries,
  rowsOf: (happening) => [...view.rowsOf(happening), ...eventsOf(happening)],
});
