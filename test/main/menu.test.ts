import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { bands, type UserStatus } from '../../src-main/contract/alerts.ts';
import { menuOf, type MenuEntry } from '../../src-main/desktop/menu.ts';
import { tooltipOf, trayIconOf, trayIcons, type TrayInput } from '../../src-main/desktop/tray-state.ts';
import { desktop, NOON, row, status, tray } from './support/told.ts';

const labels = (entries: readonly MenuEntry[]): unknown[] =>
  entries.map((entry) => {
    if (entry.kind === 'separator') return '—';
    return entry.kind === 'submenu' ? [entry.label, ...labels(entry.entries)] : entry.label;
  });
const menu = (input: Partial<TrayInput>): unknown[] => labels(menuOf(tray(input), NOON));
const user = (model: UserStatus['model']): UserStatus => ({ ...status().users[0]!, model });
const pauses = ['15 min (ends 10:15)', '1 h (ends 11:00)', 'Until tomorrow (ends 08:00)'];

describe('the menu', () => {
  it('when all is well', () => {
    const said = 'Watching 2 users · last event 8 s ago';
    const rest = ['—', ['Pause', ...pauses], 'Model: ready', 'Settings', 'Lock the screen', '—', 'Quit'];
    expect(menu({})).toEqual([said, 'No alerts to answer', ...rest]);
  });

  it('counts people and machines apart', () => {
    const users = ['alice', 'host:desk', 'bob', 'host:server'].map((name) => ({
      ...user({ state: 'ready', version: 1 }),
      name,
    }));
    expect(labels(menuOf(tray({ status: status({ users }) }), NOON))[0]).toMatch(/^Watching 2 users, 2 machines · /);
  });

  it('names the last three alerts, and leads to them', () => {
    const lastAlerts = [9, 8, 7, 6].map((id) =>
      row({
        id,
        user: `user${id}`,
        severity: id === 8 ? null : 83,
        state: id === 9 ? 'open' : 'closed',
      }),
    );
    const input = tray({ status: status({ openAlerts: 1, waitingAlerts: 4, lastAlerts }) });
    expect(labels(menuOf(input, NOON)).slice(1, 6)).toEqual([
      ...[
        '4 alerts to answer, 1 going on',
        'user9: high (83), 10:00, going on',
        'user8: high, 10:00',
        'user7: high (83), 10:00',
        '—',
      ],
    ]);
    expect(menuOf(input, NOON)[2]).toMatchObject({ command: { do: 'show', address: '#/alerts/9' } });
  });

  it.each([
    [0, 0, undefined],
    [0, 2, '2 alerts going on'],
    [1, 0, '1 alert to answer'],
    [3, 1, '3 alerts to answer, 1 going on'],
  ])('%d that wait and %d that go on: what waits is told first', (waitingAlerts, openAlerts, line) => {
    const input = tray({ status: status({ waitingAlerts, newAlerts: waitingAlerts, openAlerts }) });
    expect(labels(menuOf(input, NOON))[1]).toBe(line ?? 'No alerts to answer');
    expect(tooltipOf(input, NOON).endsWith(line ?? '8 s ago')).toBe(true);
    expect(trayIconOf(input, NOON)).toBe(
      `${openAlerts > 0 ? 'alert' : 'watching'}${waitingAlerts > 0 ? '-waiting' : ''}`,
    );
  });

  it('says when lines are refused and none is a result, and no longer when somebody is known', () => {
    const refused = [
      { reason: 'not-json', count: 3 },
      { reason: 'status-log', count: 4 },
    ];
    const said = 'No line of the log can be used: all were refused';
    const none = tray({ status: status({ users: [], refused }) });
    expect([labels(menuOf(none, NOON))[0], tooltipOf(none, NOON)]).toEqual([said, `ubad: ${said}`]);
    expect(trayIconOf(none, NOON)).toBe('problem');
    expect(trayIconOf(tray({ status: status({ users: [] }) }), NOON)).toBe('learning');
    expect(trayIconOf(tray({ status: status({ refused }) }), NOON)).toBe('watching');
  });

  it('says when a pause ends, and ends it', () => {
    const paused = menuOf(tray({ desktop: desktop({ pausedUntil: NOON + 15 * 60_000 }) }), NOON);
    expect(labels(paused).slice(3, 5)).toEqual([['Paused until 10:15', ...pauses], 'Resume now']);
    expect(paused[4]).toMatchObject({ command: { do: 'resume' } });
  });

  it.each([
    ['lines', 'Sends its log to the fleet main'],
    ['alerts', 'Sends its alerts to the fleet main'],
  ] as const)('says that something leaves, and what: %s', (mirror, label) => {
    const entries = menuOf(tray({ leaving: { mirror, tenant: 'main' } }), NOON);
    expect(labels(entries)).toContain(label);
    expect(entries.find((entry) => entry.kind === 'command' && entry.label === label)).toMatchObject({
      command: { do: 'show', address: '#/settings' },
    });
    expect(menu({}).filter((entry) => String(entry).includes('fleet'))).toEqual([]);
  });

  it('offers the setup check only where it is needed', () => {
    expect(menu({ needsSetup: true })).toContain('Setup check ⚠');
    expect(menu({})).not.toContain('Setup check ⚠');
  });

  it.each([
    [[user({ state: 'learning', progress: 0.624 }), user({ state: 'ready', version: 1 })], 'Model: learning 62 %'],
    [[user({ state: 'learning', progress: 0.1 }), user({ state: 'training', progress: 0.4 })], 'Model: training 40 %'],
    [[], 'Model: nothing learned yet'],
  ])('tells what is learned: %#', (users, line) => {
    expect(menu({ status: status({ users }) })).toContain(line);
  });

  it.each([
    [desktop({ worker: { state: 'down', cause: 'exit code 1', again: NOON } }), /The engine stopped \(exit code 1\)/],
    [desktop({ problem: 'The disk is full.' }), /The disk is full/],
    [desktop({ source: { state: 'missing', path: '/log', cause: 'x' } }), /The log \/log is missing/],
    [desktop({ source: { state: 'unreadable', path: '/log', cause: 'x' } }), /The log \/log cannot be read/],
  ])('says first what is wrong: %#', (state, line) => {
    const input = tray({ desktop: state });
    expect(menuOf(input, NOON)[0]).toMatchObject({ kind: 'text', label: expect.stringMatching(line) as string });
    expect(trayIconOf(input, NOON)).toBe('problem');
    expect(tooltipOf(input, NOON)).toMatch(line);
  });
});

const inputs: fc.Arbitrary<TrayInput> = fc
  .record({
    down: fc.boolean(),
    pausedUntil: fc.option(fc.integer({ min: NOON - 1e6, max: NOON + 1e8 })),
    alerts: fc.array(fc.record({ id: fc.nat(), user: fc.string(), band: fc.constantFrom(...bands) }), { maxLength: 9 }),
    needsSetup: fc.boolean(),
    leaving: fc.option(fc.record({ mirror: fc.constantFrom('lines', 'alerts'), tenant: fc.string() }), {
      nil: undefined,
    }),
    known: fc.boolean(),
    learning: fc.boolean(),
    waiting: fc.nat(3),
  })
  .map(({ down, pausedUntil, alerts, needsSetup, leaving, known, learning, waiting }) => ({
    desktop: desktop({ pausedUntil, ...(down && { worker: { state: 'down', cause: 'x', again: 0 } }) }),
    status: known
      ? status({
          openAlerts: alerts.length,
          waitingAlerts: waiting + 1,
          newAlerts: waiting,
          lastAlerts: alerts.map((alert) => row(alert)),
          ...(learning && { users: [user({ state: 'learning', progress: 0.5 })] }),
        })
      : null,
    needsSetup,
    leaving,
  }));

describe('whatever there is to tell', () => {
  it('the menu opens the alerts, the settings and the exit, and names no command', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const entries = menuOf(input, NOON);
        const commands = entries.flatMap((entry) => (entry.kind === 'command' ? [entry.command] : []));
        expect(commands).toEqual(
          expect.arrayContaining([
            { do: 'show', address: '#/alerts' },
            { do: 'show', address: '#/settings' },
            { do: 'quit' },
          ]),
        );
        expect(JSON.stringify(entries)).not.toContain('/usr/bin/nc');
        expect(entries.length).toBeLessThanOrEqual(15);
      }),
    );
  });

  it('the icon is one of those that are drawn, the worst thing first', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const icon = trayIconOf(input, NOON);
        expect(trayIcons).toContain(icon);
        const waits = (input.status?.newAlerts ?? 0) > 0;
        expect(icon.endsWith('-waiting')).toBe(waits);
        if (input.desktop.worker.state === 'down') expect(icon).toMatch(/^problem/);
        else if (icon.startsWith('watching')) expect(input.status?.openAlerts).toBe(0);
      }),
    );
  });
});
