import { describe, expect, it } from 'vitest';

import type { FleetHost } from '../../src-main/contract/fleet-machines.ts';
import { everything, fleetAddressOf, fleetPlaceOf, type FleetPlace } from '../../src-renderer/lib/fleet/address.ts';
import { byNeed, isSilent } from '../../src-renderer/lib/fleet/host-state.ts';
import { nameOf } from '../../src-renderer/lib/fleet/name.ts';
import { sharedText } from '../../src-renderer/lib/fleet/thing.ts';

describe('an address of the fleet’s page', () => {
  const places: FleetPlace[] = [
    { screen: 'inbox', filter: everything },
    { screen: 'inbox', filter: { text: 'a&b=c d', band: 'high', assigned: '', answered: true } },
    { screen: 'inbox', filter: { ...everything, assigned: 'anna@example' } },
    { screen: 'alert', alert: '0007/12' },
    { screen: 'people', text: 'ä?#' },
    { screen: 'shared', text: '' },
    { screen: 'hosts', text: 'desk' },
    { screen: 'groups' },
    { screen: 'workers' },
    { screen: 'audit' },
  ];

  it.each(places.map((place) => [fleetAddressOf(place), place] as const))('%s is taken back', (address, place) => {
    expect(fleetPlaceOf(address)).toEqual(place);
  });

  it('begins with the inbox, and is unknown where it cannot be understood', () => {
    for (const address of ['', '#/']) expect(fleetPlaceOf(address)).toEqual({ screen: 'inbox', filter: everything });
    for (const address of ['#/alerts/7', '#/alerts/0007/0', '#/workers/x', '#/models'])
      expect(fleetPlaceOf(address)).toEqual({ screen: 'unknown', address });
  });
});

const host = (changed: Partial<FleetHost>): FleetHost => ({
  host: 'a',
  state: 'approved',
  enrolledAt: 0,
  partition: 0,
  lastLines: 10_000,
  lines: 1,
  lost: 0,
  lag: 0,
  alerts: 0,
  ...changed,
});

it('calls a host silent after an hour, if anything is expected of it', () => {
  expect(isSilent(host({}), 10_000 + 3601)).toBe(true);
  expect(isSilent(host({}), 10_000 + 3600)).toBe(false);
  expect(isSilent(host({ state: 'revoked' }), 1e9)).toBe(false);
  expect(isSilent(host({ lastLines: null }), 1e9)).toBe(false);
});

it('lists first the hosts that need somebody', () => {
  const hosts = [
    host({ host: 'well' }),
    host({ host: 'gone', state: 'revoked' }),
    host({ host: 'silent', lastLines: 0 }),
    host({ host: 'losing', lost: 3 }),
    host({ host: 'new', state: 'waiting' }),
    host({ host: 'also well' }),
  ];
  expect(byNeed(hosts, 10_000).map((one) => one.host)).toEqual([
    'new',
    'losing',
    'silent',
    'also well',
    'well',
    'gone',
  ]);
});

it('leaves the host out of a name that is told beside it', () => {
  expect(nameOf({ user: 'anna@desk-1', host: 'desk-1' })).toBe('anna');
  expect(nameOf({ user: 'a@b@desk-1', host: 'desk-1' })).toBe('a@b');
  expect(nameOf({ user: 'host:desk-1', host: 'desk-1' })).toBe('host:desk-1');
  expect(nameOf({ user: '@desk-1', host: 'desk-1' })).toBe('@desk-1');
});

it('names what several have in common by its kind, also by one that no text knows', () => {
  const named = (name: string, otherwise: string): string =>
    ({ 'fleet.shared.kind.address': 'address', 'fleet.shared.kind.other': 'thing' })[name] ?? otherwise;
  expect(sharedText({ kind: 'address', name: '203.0.113.7' }, named)).toBe('address 203.0.113.7');
  expect(sharedText({ kind: 'cron', name: '/x' }, named)).toBe('thing /x');
});
