import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { defaultPack } from '../../../src-main/engine/reading/pack.ts';
import { QueryNames } from '../../../src-main/engine/reading/query-name.ts';

const pack = defaultPack();
const names = new QueryNames(pack);

describe('the query is found', () => {
  it.each([
    ['pack_user-behavior_usb', 'usb'],
    ['pack_user_behavior_usb', 'usb'],
    ['pack/user-behavior/usb', 'usb'],
    ['pack::user-behavior::process_start', 'process_start'],
    ['pack_external_pack_open_sockets', 'open_sockets'],
    ['pack_user_behavior_shell_history', 'shell_history'],
    ['pack_external_pack_logged_in_users', 'logged_in_users'],
    ['usb', 'usb'],
    ['pack_user_behavior_process_events', 'process_events'],
    ['pack_mine_xusb', 'mine_xusb'],
    ['pack/mine/my_usb', 'mine/my_usb'],
    ['pack-mine-usb', 'usb'],
    ['package_usb', 'package_usb'],
    ['pack_external_pack_my_query', 'my_query'],
    ['my own query', 'my own query'],
    ['pack', 'pack'],
    ['pack_site_sudo_users', 'site_sudo_users'],
    ['pack_incident_response_users', 'incident_response_users'],
    ['pack/site/sudo_users', 'site/sudo_users'],
    ['pack_user-behavior-events_ev_user', 'ev_user'],
    ['pack_', ''],
  ])('in %s', (name, query) => {
    expect(names.find(name).query).toBe(query);
  });

  it.each([
    ['ev_process', true],
    ['pack_theirs_socket_events', true],
    ['process_events', true],
    ['ev_of_theirs', true],
    ['usb', false],
    ['process_start', false],
    ['eventsource', false],
    ['prevents', false],
  ])('%s is of events: %s', (name, evented) => {
    expect(names.find(name).evented).toBe(evented);
  });

  const query = fc.constantFrom(...pack.learning.keys());
  const delimiter = fc.stringMatching(/^[^a-zA-Z0-9]{1,3}$/);
  const word = fc.stringMatching(/^[a-z0-9]{1,8}$/);

  it('behind any pack and any delimiter', () => {
    fc.assert(
      fc.property(delimiter, word, query, (between, packName, known) => {
        expect(names.find(`pack${between}${packName}${between}${known}`).query).toBe(known);
      }),
      { examples: [['_', 'user', 'users']] },
    );
  });

  it('but not inside of a longer word', () => {
    fc.assert(
      fc.property(word, query, (before, known) => {
        fc.pre(!pack.learning.has(before + known));
        expect(names.find(`pack/mine/${before}${known}`).query).toBe(`mine/${before}${known}`);
        expect(names.find(before + known).query).toBe(before + known);
      }),
    );
  });

  it('is ours only in a pack that ships', () => {
    const own = ['pack_user-behavior_usb', 'usb', 'pack_theirs_usb'].map((name) => names.find(name).own);
    expect(own).toEqual([true, false, false]);
  });

  it('in a name of any length, in no time', () => {
    for (const name of [`pack${'_'.repeat(1_000_000)}x`, `pack_${'a_'.repeat(500_000)}users`])
      expect(names.find(name).query).toBe(name);
  });

  it('the same each time, also when more names came than are remembered', () => {
    const fresh = new QueryNames(pack);
    for (let i = 0; i < 10_050; i++) expect(fresh.find(`pack_other_q${i}`).query).toBe(`other_q${i}`);
    expect(fresh.find('pack_other_q0')).toEqual({ query: 'other_q0', evented: false, own: false, counted: false });
  });
});
