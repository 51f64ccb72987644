import fc from 'fast-check';
import { expect, it } from 'vitest';

import { Hosts } from '../../../src-main/engine/reading/hosts.ts';

const many = (host: string): string[] => Array.from({ length: 150 }, () => host);
const namesOf = (hosts: Hosts, seen: readonly string[]): string[] => seen.map((host) => hosts.see(host).name);

it('a machine that is called otherwise after a long time is the same', () => {
  const hosts = new Hosts();
  namesOf(hosts, many('old'));
  expect(hosts.see('new')).toEqual({ name: 'old', formerly: ['old'] });
  expect(new Hosts(hosts.save()).see('new').name).toBe('old');
  expect(hosts.see('newest')).toEqual({ name: 'old', formerly: ['old', 'new'] });
});

it('the users of one that was called otherwise soon are looked for by its former name, while the machine is another', () => {
  const hosts = new Hosts();
  hosts.see('old');
  expect(hosts.see('new')).toEqual({ name: 'new', formerly: ['old'] });
});

it('two machines in one log are two', () => {
  const hosts = new Hosts();
  namesOf(hosts, [...many('a'), 'b', 'a']);
  expect(namesOf(hosts, ['b', 'a', 'c'])).toEqual(['b', 'a', 'c']);
  expect(hosts.see('b').formerly).toEqual([]);
});

it('whatever comes, and whenever it is woken, a host is itself or an earlier one; its memory is bounded', () => {
  const host = fc.constantFrom('a', 'b', 'c', ...Array.from({ length: 40 }, (_, h) => `h${h}`));
  fc.assert(
    fc.property(fc.array(host, { maxLength: 300 }), fc.nat(), (seen, restart) => {
      let hosts = new Hosts();
      seen.forEach((one, n) => {
        if (n === restart % (seen.length + 1)) hosts = new Hosts(JSON.parse(JSON.stringify(hosts.save())));
        expect(seen.slice(0, n + 1)).toContain(hosts.see(one).name);
      });
      expect(hosts.save().names.length).toBeLessThanOrEqual(20);
    }),
  );
});

it.each([null, 7, 'x', { names: 7 }, { names: [7, 'a'], several: 'yes', alone: -1 }])(
  'begins again from %j',
  (saved) => {
    expect(new Hosts(saved).see('a').name).toBe('a');
  },
);
