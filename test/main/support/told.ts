import type { DesktopState } from '../../../src-main/contract/desktop.ts';
import type { AlertRow, EngineStatus, AlertEvent } from '../../../src-main/contract/alerts.ts';
import type { TrayInput } from '../../../src-main/desktop/tray-state.ts';

/** 25 November 2026, 10:00 by the clock on the wall. */
export const NOON = new Date(2026, 10, 25, 10).getTime();

export const row = (changed: Partial<AlertRow> = {}): AlertRow => ({
  id: 7,
  user: 'alice',
  band: 'high',
  severity: 83,
  count: 1,
  state: 'open',
  verdict: null,
  firstTime: NOON / 1000,
  lastTime: NOON / 1000,
  sentence: 'alice: «Program start /usr/bin/nc»',
  headline: { id: 'head.program', values: { program: 'nc', seen: 0 } },
  ...changed,
});

export const alertEvent = (changed: Partial<AlertEvent> = {}): AlertEvent => {
  const { sentence: _, headline: _names, ...rest } = row();
  return {
    ...rest,
    change: 'opened',
    here: true,
    act: 'program',
    rank: { share: 0.9963, of: 'last-30-days' },
    usual: { from: 8, to: 18 },
    ...changed,
  };
};

export const desktop = (changed: Partial<DesktopState> = {}): DesktopState => ({
  host: 'desktop',
  worker: { state: 'up' },
  source: { state: 'following', path: '/log' },
  problem: null,
  pausedUntil: null,
  snoozed: {},
  heldBack: [],
  example: null,
  ...changed,
});

export const status = (changed: Partial<EngineStatus> = {}): EngineStatus => ({
  users: ['alice', 'bob'].map((name) => ({
    name,
    actions: 5000,
    lastSeen: NOON / 1000 - 8,
    openAlerts: 0,
    waitingAlerts: 0,
    newAlerts: 0,
    model: { state: 'ready', version: 1 } as const,
  })),
  openAlerts: 0,
  waitingAlerts: 0,
  newAlerts: 0,
  lastAlerts: [],
  refused: [],
  lost: [],
  databaseBytes: 0,
  ...changed,
});

export const tray = (changed: Partial<TrayInput> = {}): TrayInput => ({
  status: status(),
  desktop: desktop(),
  needsSetup: false,
  leaving: undefined,
  ...changed,
});
