import type { FleetHost } from '../../../src-main/contract/fleet-machines.ts';

/** A host of which nothing came for so long is silent. Seconds. */
const SILENT = 3600;

/** Nothing came for an hour. One that waits for approval, or is revoked, is not expected to tell anything. */
export const isSilent = ({ lastLines, state }: FleetHost, now: number): boolean =>
  state !== 'waiting' && state !== 'revoked' && lastLines !== null && now - lastLines > SILENT;
export const isLagging = ({ lag }: FleetHost): boolean => lag > 0;
export const isLosing = ({ lost }: FleetHost): boolean => lost > 0;

/** Those first that need somebody. */
export function byNeed(hosts: readonly FleetHost[], now: number): FleetHost[] {
  const need = (host: FleetHost): number =>
    host.state === 'waiting' ? 0 : isLosing(host) ? 1 : isSilent(host, now) ? 2 : host.state === 'revoked' ? 4 : 3;
  return [...hosts].sort((a, b) => need(a) - need(b) || (a.host < b.host ? -1 : 1));
}
