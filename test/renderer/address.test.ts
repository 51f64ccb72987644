import fc from 'fast-check';
import { expect, it } from 'vitest';

import { bands } from '../../src-main/contract/alerts.ts';
import { soughtKinds } from '../../src-main/contract/find.ts';
import { addressOf, placeOf, type Place } from '../../src-renderer/lib/address.ts';

const user = fc.string({ minLength: 1, unit: 'grapheme' }).filter((name) => name.isWellFormed());
const optional = <T>(name: string, value: fc.Arbitrary<T>): fc.Arbitrary<object> =>
  fc.option(value, { nil: undefined }).map((found) => (found === undefined ? {} : { [name]: found }));
const together = (...parts: fc.Arbitrary<object>[]): fc.Arbitrary<object> =>
  fc.tuple(...parts).map((all) => Object.assign({}, ...all) as object);
const stretch = fc
  .tuple(fc.nat(4e9), fc.integer({ min: 1, max: 1e8 }))
  .map(([from, length]) => ({ from, to: from + length }));

const place = fc.oneof(
  fc.constantFrom<Place>(
    ...(['overview', 'settings', 'setup', 'first-run', 'help'] as const).map((screen) => ({ screen })),
  ),
  together(
    optional('user', user),
    optional('band', fc.constantFrom(...bands)),
    optional('state', fc.constantFrom('open', 'closed')),
  ).map((filter): Place => ({ screen: 'alerts', filter })),
  fc.nat().map((id): Place => ({ screen: 'alert', id })),
  fc.nat().map((id): Place => ({ screen: 'alert', id, asks: true })),
  fc
    .tuple(fc.option(user, { nil: undefined }), fc.option(stretch, { nil: undefined }))
    .map(([name, shown]): Place => ({ screen: 'timeline', user: name, ...shown })),
  fc.option(user, { nil: undefined }).map((name): Place => ({ screen: 'models', user: name })),
  user.map((name): Place => ({ screen: 'learned', user: name })),
  fc
    .tuple(fc.constantFrom(...soughtKinds), fc.oneof(user, fc.constantFrom('/usr/bin/x y', 'a?b#c%', '::1')))
    .map(([as, value]): Place => ({ screen: 'with', as, value })),
  fc.nat().map((id): Place => ({ screen: 'action', id })),
  fc
    .tuple(fc.constantFrom('', 'ssh -i key', '&a=b#?'), fc.option(user, { nil: undefined }))
    .map(([text, name]): Place => ({ screen: 'search', text, user: name })),
);

it('takes every place back from its address, whatever a user is called', () => {
  fc.assert(
    fc.property(place, (one) => {
      expect(placeOf(addressOf(one))).toEqual(one);
    }),
  );
});

it('understands any text or says that it does not, and never throws', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(placeOf(`#/${text}`).screen).toEqual(expect.any(String));
    }),
  );
});

it.each(['#/alerts/seven', '#/alerts/7/8', '#/nowhere', '#/settings/x', '#/learned', '#/timeline/%E0%A4%A'])(
  'does not know %s',
  (address) => {
    expect(placeOf(address)).toEqual({ screen: 'unknown', address });
  },
);

it('opens the addresses that notifications and the tray use', () => {
  expect(placeOf('')).toEqual({ screen: 'overview' });
  expect(placeOf('#/alerts')).toEqual({ screen: 'alerts', filter: {} });
  expect(placeOf('#/alerts/7')).toEqual({ screen: 'alert', id: 7 });
  expect(placeOf('#/alerts/7/normal')).toEqual({ screen: 'alert', id: 7, asks: true });
  expect(placeOf('#/alerts/7/else').screen).toBe('unknown');
  expect(placeOf('#/setup')).toEqual({ screen: 'setup' });
});

it('leaves out of a filter or a stretch what makes no sense', () => {
  expect(placeOf('#/alerts?band=purple&state=open')).toEqual({ screen: 'alerts', filter: { state: 'open' } });
  expect(placeOf('#/timeline/a?from=9&to=3')).toEqual({ screen: 'timeline', user: 'a' });
});
