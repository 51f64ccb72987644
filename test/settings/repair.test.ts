import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as v from 'valibot';

import { settingsSchema } from '../../src-main/contract/settings.ts';
import { migrate, withoutInvalid, type Migration } from '../../src-main/settings/repair.ts';

const steps: readonly Migration[] = [
  (settings) => ({ ...settings, renamed: settings.name }),
  ({ name: _, ...rest }) => rest,
  (settings) => ({ ...settings, steps: Number(settings.steps ?? 0) + 1 }),
];

describe('migrations', () => {
  it('bring a file of any version to this one, by all the steps that it lacks', () => {
    expect(migrate({ name: 'a' }, steps)).toEqual({ ok: true, settings: { renamed: 'a', steps: 1, version: 3 } });
    expect(migrate({ version: 2, x: 1 }, steps)).toEqual({ ok: true, settings: { x: 1, steps: 1, version: 3 } });
  });

  it('taken one by one or all at once come to the same, and once done do nothing more', () => {
    const found = fc.record({
      name: fc.string(),
      version: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(found, (settings) => {
        const whole = migrate(settings, steps);
        let now: Record<string, unknown> = settings;
        for (let known = settings.version ?? 0; known <= steps.length; known++) {
          const next = migrate(now, steps.slice(0, Math.max(known, 0)));
          if (next.ok) now = next.settings;
        }
        expect(whole).toEqual({ ok: true, settings: now });
        expect(migrate(now, steps)).toEqual(whole);
      }),
    );
  });

  it('leave a file of a later program alone', () => {
    expect(migrate({ version: 9 }, steps)).toEqual({ ok: false, found: 9 });
  });

  it.each(['2', -1, 1.5, null, {}])('take a version %s for none', (version) => {
    expect(migrate({ version, name: 'a' }, steps)).toMatchObject({ ok: true, settings: { renamed: 'a' } });
  });
});

describe('a file with mistakes', () => {
  it('loses those settings only', () => {
    const found = { alarm: 99, seed: 7, algorithm: 'best', mine: true };
    expect(withoutInvalid(found)).toEqual({ kept: { seed: 7, mine: true }, dropped: ['algorithm', 'alarm'] });
  });

  it('gives settings afterwards, whatever was in it', () => {
    const names = fc.constantFrom(...Object.keys(settingsSchema.entries), '__proto__', 'mine');
    fc.assert(
      fc.property(fc.dictionary(names, fc.jsonValue()), (found) => {
        expect(v.is(settingsSchema, withoutInvalid(found).kept)).toBe(true);
      }),
    );
  });
});
