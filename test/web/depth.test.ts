import { expect, it } from 'vitest';

import { askOf, bearer, newMachine, send, started } from './served.ts';

it('refuses a question that is nested too deeply with a sentence, whatever its texts hold, and goes on', async () => {
  const web = await started(newMachine());
  const deep = '['.repeat(30_000) + ']'.repeat(30_000);
  const closing = JSON.stringify(`\\"${']'.repeat(2000)}`);
  for (const input of [
    deep,
    `[${closing},${deep.slice(3000, -3000)}]`,
    '{"a":'.repeat(9000) + '1' + '}'.repeat(9000),
  ]) {
    const body = `{"name":"search","input":${input}}`;
    const reply = await send(web, '/ask', { method: 'POST', headers: bearer(web) }, body);
    expect(reply).toMatchObject({ status: 400, body: 'This is nested too deeply.\n' });
  }
  // Brackets in a text are no depth.
  const text = await send(
    web,
    '/ask',
    { method: 'POST', headers: bearer(web) },
    JSON.stringify({ name: 'unsnooze', input: '[{'.repeat(500) }),
  );
  expect(JSON.parse(text.body)).toMatchObject({ ok: true });
  expect(await askOf(web, 'desktop')).toMatchObject({ ok: true });
});

it('takes no setting that leads out of its place, or that cannot be seen', async () => {
  const web = await started(newMachine());
  for (const changes of [
    { state: '../../etc' },
    { state: 'here' },
    { state: '/var/lib/../../etc' },
    { state: '/tmp/a\u001b[2J' },
    { log: '/var/log/x\ny' },
    { log: '/var/log/x\u202e' },
    { log: '/..' },
    { log: 'x' },
  ])
    expect(await askOf(web, 'changeSettings', changes), JSON.stringify(changes)).toMatchObject({ code: 'bad-input' });
  for (const changes of [{ log: '/data/..osq/a..b/ö (1).log' }, { log: '/' }])
    expect(await askOf(web, 'changeSettings', changes)).toMatchObject({ ok: true });
});
