import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { clockText, isPaused, isInQuietHours, pauseEnd } from '../../src-main/host/pause.ts';
import { DoNotDisturb, type DoNotDisturbState } from '../../src-main/host/do-not-disturb.ts';
import { NOON } from './support/told.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const times = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2040, 0, 1) });
const choices = fc.constantFrom('15-minutes' as const, '1-hour' as const, 'tomorrow' as const);
const clocks = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));

describe('a pause', () => {
  it('holds from now to its end, and no longer', () => {
    fc.assert(
      fc.property(times, choices, (now, choice) => {
        const end = pauseEnd(choice, now);
        expect([isPaused(end, now), isPaused(end, end - 1), isPaused(end, end)]).toEqual([true, true, false]);
      }),
    );
  });

  it('until tomorrow ends the next morning, whatever the clocks do that night', () => {
    fc.assert(
      fc.property(times, (now) => {
        const [from, to] = [new Date(now), new Date(pauseEnd('tomorrow', now))];
        // Before five in the morning it is still the evening before.
        const days = from.getHours() < 5 ? 0 : 1;
        const next = new Date(from.getFullYear(), from.getMonth(), from.getDate() + days);
        expect([to.toDateString(), clockText(to.getTime())]).toEqual([next.toDateString(), '08:00']);
      }),
    );
  });

  it('does not hold for ever when the clock is set back', () => {
    expect(isPaused(NOON + 30 * 24 * HOUR, NOON)).toBe(false);
    expect(isPaused(null, NOON)).toBe(false);
  });
});

describe('quiet hours', () => {
  it('are what lies between, also over midnight', () => {
    const at = (hour: number, minute = 0): number => new Date(2026, 10, 25, hour, minute).getTime();
    const night = { from: '22:00', to: '07:30' };
    expect([21, 22, 23, 0, 7, 8].map((hour) => isInQuietHours(night, at(hour)))).toEqual([
      false,
      true,
      true,
      true,
      true,
      false,
    ]);
    expect([isInQuietHours(night, at(7, 29)), isInQuietHours(night, at(7, 30))]).toEqual([true, false]);
    expect(isInQuietHours(null, at(3))).toBe(false);
  });

  it('and those turned round share no moment and leave none out, unless they are empty', () => {
    fc.assert(
      fc.property(clocks, clocks, times, (from, to, now) => {
        const [one, other] = [isInQuietHours({ from, to }, now), isInQuietHours({ from: to, to: from }, now)];
        expect(one !== other || (from === to && !one)).toBe(true);
      }),
    );
  });
});

describe('the quiet of a desktop', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  function quiet(kept: DoNotDisturbState = { pausedUntil: null, pausedSince: null, snoozed: {} }): {
    quiet: DoNotDisturb;
    kept: () => DoNotDisturbState;
    ends: string[];
    noted: { from: number; to: number }[];
  } {
    vi.useFakeTimers({ now: NOON });
    let state = kept;
    const ends: string[] = [];
    const noted: { from: number; to: number }[] = [];
    const made: DoNotDisturb = new DoNotDisturb({
      state: () => state,
      keep: (changes) => (state = { ...state, ...changes }),
      quietHours: () => ({ from: '12:00', to: '13:00' }),
      changed: () => ends.push(`${clockText(Date.now())} ${made.holds('alice') ? 'quiet' : 'loud'}`),
      tellUser: (pause) => noted.push(pause),
      now: Date.now,
    });
    return { quiet: made, kept: () => state, ends, noted };
  }

  it('ends a pause by itself, and tells once', () => {
    const { quiet: made, kept, ends } = quiet();
    made.pause('15-minutes');
    vi.advanceTimersByTime(HOUR);
    expect(ends).toEqual(['10:00 quiet', '10:15 loud']);
    expect(kept().pausedUntil).toBeNull();
    made.stop();
  });

  it('lasts as long as it was to, however the wall clock is set meanwhile', () => {
    const { quiet: made, kept, ends } = quiet();
    made.pause('15-minutes');
    made.snooze('bob', 30);
    vi.advanceTimersByTime(5 * MINUTE);
    vi.setSystemTime(NOON - 47 * HOUR);
    vi.advanceTimersByTime(9 * MINUTE);
    expect([made.holds('alice'), made.holds('bob')]).toEqual([true, true]);
    // What is shown of it is true again too.
    expect(kept().pausedUntil! - Date.now()).toBeLessThan(2 * MINUTE);
    vi.advanceTimersByTime(2 * MINUTE);
    expect([made.holds('alice'), made.holds('bob')]).toEqual([false, true]);
    expect(ends.at(-1)).toMatch(/loud$/);
    vi.advanceTimersByTime(15 * MINUTE);
    expect([made.holds('bob'), kept().snoozed]).toEqual([false, {}]);
    made.stop();
  });

  it('lasts no longer than it was to when the clock was set back over a restart', () => {
    const [pausedSince, pausedUntil] = [NOON + 40 * HOUR, NOON + 40 * HOUR + 15 * MINUTE];
    const snooze = { snoozed: { bob: pausedUntil }, snoozedSince: { bob: pausedSince } };
    const { quiet: made } = quiet({ pausedUntil, pausedSince, ...snooze });
    made.look();
    vi.advanceTimersByTime(14 * MINUTE);
    expect([made.holds('alice'), made.holds('bob')]).toEqual([true, true]);
    vi.advanceTimersByTime(2 * MINUTE);
    expect([made.holds('alice'), made.holds('bob')]).toEqual([false, false]);
    made.stop();
  });

  it('is over when the computer has slept through it, which stops the clock that nobody sets', () => {
    const { quiet: made } = quiet();
    made.pause('15-minutes');
    vi.setSystemTime(NOON + 20 * MINUTE);
    expect(made.holds('alice')).toBe(false);
    made.stop();
  });

  it('tells of quiet hours that begin and end', () => {
    const { ends, quiet: made } = quiet();
    vi.advanceTimersByTime(4 * HOUR);
    expect(ends).toEqual(['12:00 quiet', '13:00 loud']);
    made.stop();
  });

  it('holds only a snoozed user back, and forgets that afterwards', () => {
    const { quiet: made, kept } = quiet();
    made.snooze('alice', 30);
    expect([made.holds('alice'), made.holds('bob'), made.holds('constructor')]).toEqual([true, false, false]);
    vi.advanceTimersByTime(31 * MINUTE);
    expect([made.holds('alice'), kept().snoozed]).toEqual([false, {}]);
    made.stop();
  });

  it('lets a user be heard again before the time', () => {
    const { quiet: made, kept } = quiet();
    made.snooze('alice', 30);
    made.snooze('bob', 30);
    made.unsnooze('alice');
    expect([made.holds('alice'), made.holds('bob'), Object.keys(kept().snoozed)]).toEqual([false, true, ['bob']]);
    made.unsnooze('nobody');
    made.stop();
  });

  it('notes a pause as it was: one that is lengthened is the same, one that is ended ends then', () => {
    const { quiet: made, noted } = quiet();
    made.pause('15-minutes');
    vi.advanceTimersByTime(10 * MINUTE);
    made.pause('1-hour');
    vi.advanceTimersByTime(20 * MINUTE);
    made.resume();
    made.resume();
    vi.advanceTimersByTime(HOUR);
    made.pause('15-minutes');
    const told = noted.map(({ from, to }) => [(from - NOON) / MINUTE, (to - NOON) / MINUTE]);
    expect(told).toEqual([
      [0, 15],
      [0, 70],
      [0, 30],
      [90, 105],
    ]);
    made.stop();
  });

  it('goes on with a pause of before a restart, and with none that ended meanwhile', () => {
    const standing = quiet({ pausedUntil: NOON + HOUR, pausedSince: null, snoozed: {} });
    expect(standing.quiet.holds('alice')).toBe(true);
    standing.quiet.stop();
    const over = quiet({ pausedUntil: NOON - 1, pausedSince: null, snoozed: {} });
    over.quiet.look();
    expect([over.quiet.holds('alice'), over.kept().pausedUntil]).toEqual([false, null]);
    over.quiet.stop();
  });

  it('is over when the computer slept through its end', () => {
    const { quiet: made, ends } = quiet();
    made.pause('1-hour');
    vi.setSystemTime(NOON + 5 * HOUR);
    vi.advanceTimersByTime(5000);
    expect(ends.at(-1)).toBe('15:00 loud');
    made.stop();
  });

  it('ends at once when a person says so', () => {
    const { quiet: made, ends } = quiet();
    made.pause('tomorrow');
    made.resume();
    expect(ends).toEqual(['10:00 quiet', '10:00 loud']);
    made.stop();
  });
});
