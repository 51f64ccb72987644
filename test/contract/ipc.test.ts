import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { desktopCalls, engineCalls, readerCalls, viewCalls } from '../../src-main/contract/contract.ts';
import { engineNames, settingNames, settingsSchema } from '../../src-main/contract/settings.ts';
import { answer, ask, AskFailed, client, type Handlers } from '../../src-main/contract/ipc.ts';
import { mathEngines } from '../../models/math-engine.ts';
import { jsonSchema } from '../../src-main/settings/config.ts';
import { Ajv } from 'ajv';
import * as v from 'valibot';
import { batchOf } from '../engine/log-lines.ts';

const calls = {
  half: ask(v.pipe(v.number(), v.integer())).gives<number>(),
  lose: ask(v.string()).givesNothing(),
};
const handlers: Handlers<typeof calls> = {
  half: (input) => input / 2,
  lose: (what) => {
    throw what === 'known' ? new AskFailed('not-found', 'It is not there.') : new TypeError('a bug');
  },
};
const asked = client(calls, (name, input) => answer(calls, handlers, name, structuredClone(input)));

describe('a question', () => {
  it('is answered', async () => {
    expect(await asked.half(8)).toBe(4);
  });

  it('with wrong input does not reach its handler', async () => {
    await expect(asked.half(0.5)).rejects.toMatchObject({ name: 'AskFailed', code: 'bad-input' });
  });

  it.each([
    ['known', 'not-found', 'It is not there.'],
    ['other', 'failed', 'a bug'],
  ])('that throws (%s) keeps its code over the border', async (what, code, message) => {
    await expect(asked.lose(what)).rejects.toMatchObject({ code, message });
  });

  it('that there is not is refused, also by the names that every object has', async () => {
    for (const name of ['third', 'constructor', '__proto__', 'toString']) {
      expect(await answer(calls, handlers, name, 1)).toMatchObject({ ok: false, code: 'unknown' });
    }
  });

  it('survives any input: every call answers rubbish with an answer, and never throws', async () => {
    const all = { ...engineCalls, ...desktopCalls };
    const none = Object.fromEntries(Object.keys(all).map((name) => [name, () => null]));
    const rubbish = fc.oneof(
      fc.anything(),
      fc.record({ user: fc.anything(), limit: fc.anything(), alert: fc.anything() }),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.keys(all)), rubbish, async (name, input) => {
        const reply = await answer(all, none as unknown as Handlers<typeof all>, name, input);
        expect(reply.ok || reply.code === 'bad-input').toBe(true);
      }),
    );
  });
});

describe('the contract', () => {
  it('gives the window nothing of what only the main process asks', () => {
    for (const name of Object.keys(readerCalls))
      expect(Object.keys({ ...viewCalls, ...desktopCalls })).not.toContain(name);
  });

  it('takes a batch as the reader makes it, and changes nothing', () => {
    const batch = { ...batchOf(['a', 'b']), refused: [{ number: 3, reason: 'too-long' as const }] };
    expect(v.parse(engineCalls.ingest.input, structuredClone(batch))).toEqual(batch);
    const after = { ...batch, checkpoint: { ...batch.checkpoint, mtimeMs: 1.5, before: null } };
    expect(v.parse(engineCalls.ingest.input, after)).toEqual(after);
  });

  it.each(['http://example.org', 'file:///etc/passwd', 'javascript:alert(1)', 'https//x', 'HTTPS:', 5, null])(
    'opens no %s outside',
    (address) => {
      expect(v.is(desktopCalls.openExternal.input, address)).toBe(false);
    },
  );

  it.each(['#/alerts/7', '#/', '#/timeline/alice-2'])('shows %s', (address) => {
    expect(v.is(desktopCalls.showWindow.input, address)).toBe(true);
  });

  it.each(['alerts', '#alerts', '#/alerts?x', 'https://x/#/', '#/<b>'])('shows no %s', (address) => {
    expect(v.is(desktopCalls.showWindow.input, address)).toBe(false);
  });
});

describe('the settings', () => {
  it('name the engines that there are', () => {
    expect(engineNames).toEqual(mathEngines);
  });

  it('have a default each, that their own schema allows', () => {
    const defaults = v.parse(settingsSchema, {});
    expect(Object.keys(defaults)).toEqual(settingNames);
    expect(v.parse(settingsSchema, defaults)).toEqual(defaults);
  });

  it('are checked alike in the file and in a message', () => {
    const ajv = new Ajv({ allowUnionTypes: true });
    const inFile = ajv.compile({ type: 'object', properties: jsonSchema });
    const name = fc.constantFrom(...settingNames);
    const value = fc.oneof(
      fc.constantFrom<unknown>('lstm', 'tfjs', 'dark', '', null, 0, 1, 2.5, 1000, 1e9, { shell: 3 }, { shell: 11 }, []),
      fc.constantFrom<unknown>({ from: '22:00', to: '07:30' }, { from: '24:00', to: '7' }, { from: '22:00' }),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(name, value, (key, one) => {
        // A message makes an object without entries of it.
        fc.pre(!Array.isArray(one));
        expect(v.is(desktopCalls.changeSettings.input, { [key]: one })).toBe(inFile({ [key]: one }));
      }),
      { numRuns: 2000 },
    );
  });

  it.each(['\u0007', '\u00ad', '\u202e', '\u2800', '\ufe0f', '\ue000', '\u{e0041}', '\ud800'])(
    'name no path with %j in it, which cannot be seen: neither in the file nor in a message',
    (unseen) => {
      const inFile = new Ajv({ allowUnionTypes: true }).compile({ type: 'object', properties: jsonSchema });
      const both = (log: string): boolean[] => [v.is(desktopCalls.changeSettings.input, { log }), inFile({ log })];
      expect([both(`/var/${unseen}.log`), both('/var/größer 日本 😀.log')]).toEqual([
        [false, false],
        [true, true],
      ]);
    },
  );

  it('that do not exist cannot be changed', () => {
    expect(v.is(desktopCalls.changeSettings.input, { colour: 'red' })).toBe(false);
  });
});
