import { isIPv6 } from 'node:net';

import fc from 'fast-check';
import { expect, it } from 'vitest';

import { plainAddress } from '../../models/features/addresses.ts';
import { ownValue, widerValues } from '../../models/features/fields.ts';

const LOOPBACK = '0000:0000:0000:0000:0000:0000:0000:0001';

it.each([
  [LOOPBACK, 'loopback'],
  ['0000:0000:0000:0000:0000:ffff:7f00:0001', 'loopback'],
  ['::ffff:7f00:1', 'loopback'],
  ['127.0.0.53', 'loopback'],
  ['::ffff:127.0.0.1', 'loopback'],
  ['::1', 'loopback'],
  ['fe80:0000:0000:0000:0000:0000:0000:0001%eth0', 'link-local'],
  ['2001:0db8:0000:0000:0000:0000:0000:0001', 'public'],
  ['0000:0000:0000:0000:0000:0000:0000:0000', 'any'],
  ['::', 'any'],
  ['0000:0000:0000:0000:0000:ffff:c0a8:0102', 'private'],
  ['fd00:0000:0000:0000:0000:0000:0000:0001', 'private'],
  ['ff02:0000:0000:0000:0000:0000:0000:00fb', 'multicast'],
])('%s is %s', (address, kind) => {
  expect(widerValues('address', address)).toContain(`class ${kind}`);
});

it('one address is one, at full length and short', () => {
  expect(ownValue('address', '2001:0db8:0000:0000:0000:0000:0000:0001')).toBe('2001:db8::1');
  expect(ownValue('address', '::ffff:192.0.2.7')).toBe('192.0.2.7');
  const full = fc.array(fc.oneof(fc.constant(0), fc.nat(0xffff)), { minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(full, (groups) => {
      const long = groups.map((group) => group.toString(16).padStart(4, '0')).join(':');
      const plain = plainAddress(long);
      // The URL parser of the platform writes the same form.
      const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
      if (!isMapped) expect(`[${plain}]`).toBe(new URL(`http://[${long}]`).hostname);
      expect(plainAddress(plain)).toBe(plain);
      expect(plainAddress(long.toUpperCase())).toBe(plain);
    }),
  );
});

it('what is none stays as it is', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9a-f:.%]{0,30}$/)), (text) => {
      const plain = plainAddress(text);
      if (!isIPv6(text)) expect(plain).toBe(text);
    }),
    { examples: [['1::2::3'], ['::ffff:1.2.3.999'], ['1:2:3:4:5:6:7'], [':::'], ['::%'], ['::%a b']] },
  );
});
