import { createHmac } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import * as v from 'valibot';
import { expect, it } from 'vitest';

import type { ExportEvent, Feed } from '../../src-main/export/event.ts';
import { isForbidden, netsOf } from '../../src-main/export/private-addresses.ts';
import { sendAll, type SendingOptions } from '../../src-main/export/send-all.ts';
import { senderOf } from '../../src-main/export/sender.ts';
import { targetSchema, targetsSchema } from '../../src-main/export/target.ts';
import { scratch } from '../scratch.ts';
import { event } from './events.ts';
import { parseSyslog } from './parse-syslog.ts';
import { syslogReceiver, webhookReceiver } from './receivers.ts';

const SECRET = 'a secret of some length';
const never = new AbortController().signal;

function fileOf(text: string): string {
  const file = join(scratch(), 'file');
  writeFileSync(file, text);
  return file;
}

const webhook = (url: string, ca: string, more: object = {}) =>
  v.parse(targetSchema, {
    name: 'siem',
    kind: 'webhook',
    form: 'ecs',
    url,
    secretFile: fileOf(`${SECRET}\n`),
    ca: fileOf(ca),
    private: ['127.0.0.0/8', '::1'],
    ...more,
  });

it.each(['ecs', 'ocsf'] as const)('posts each event as %s, signed', async (form) => {
  const { port, ca, posted } = await webhookReceiver();
  const { send } = senderOf(webhook(`https://127.0.0.1:${port}/hook?a=b`, ca, { form }), '0.1.0');
  await send([event(), event({ id: 'main/0007/12/4', user: 'zoë' })], never);
  expect(posted.length).toBe(2);
  for (const { headers, body } of posted) {
    expect(headers['content-type']).toBe('application/json');
    expect(headers['x-ubad-signature']).toBe(`sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`);
  }
  expect(posted[1]!.body).toContain('zoë');
  expect(posted[0]!.body).toContain(form === 'ecs' ? '"ecs":' : '"class_uid":2004');
});

it('does not take an answer for taken that says otherwise, nor follow one elsewhere', async () => {
  const elsewhere = await webhookReceiver();
  const answers = [500, `https://127.0.0.1:${elsewhere.port}/`, 404, 202];
  const { port, ca, posted } = await webhookReceiver((n) => answers[n]!);
  const { send } = senderOf(webhook(`https://127.0.0.1:${port}/`, ca), '0.1.0');
  for (const status of ['500', '307', '404'])
    await expect(send([event()], never)).rejects.toThrow(`it answered ${status}`);
  await send([event()], never);
  expect([posted.length, elsewhere.posted.length]).toEqual([4, 0]);
});

it.each(['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]'])('posts nothing to %s, which nobody listed', async (host) => {
  const { port, ca, posted } = await webhookReceiver();
  const { send } = senderOf(webhook(`https://${host}:${port}/`, ca, { private: [] }), '0.1.0');
  await expect(send([event()], never)).rejects.toThrow(/is at the private address .*, which is not listed/);
  expect(posted).toEqual([]);
});

it('posts nothing to whom the certificate is not of', async () => {
  const { port, posted } = await webhookReceiver();
  const { ca } = await webhookReceiver();
  await expect(senderOf(webhook(`https://127.0.0.1:${port}/`, ca), '1').send([event()], never)).rejects.toThrow(
    /certificate/,
  );
  expect(posted).toEqual([]);
});

it.each([
  ['10.1.2.3', [], true],
  ['10.1.2.3', ['10.1.0.0/16'], false],
  ['10.2.2.3', ['10.1.0.0/16'], true],
  ['169.254.169.254', [], true],
  ['100.64.0.1', [], true],
  ['93.184.216.34', [], false],
  ['::1', [], true],
  ['::1', ['::1'], false],
  ['fd00::7', [], true],
  ['fe80::1', [], true],
  ['::ffff:192.168.0.1', [], true],
  ['::ffff:192.168.0.1', ['192.168.0.1'], false],
  ['::ffff:c0a8:1', [], true],
  ['0:0:0:0:0:ffff:c0a8:1', [], true],
  ['2606:2800:220:1::1', [], false],
] as const)('%s with %j listed is forbidden: %s', (address, listed, forbidden) => {
  expect(isForbidden(address, netsOf(listed))).toBe(forbidden);
});

it('sends syslog over TLS, and takes it as received when it was read to its end', async () => {
  const { port, ca, received } = await syslogReceiver((n) => n === 1);
  const target = v.parse(targetSchema, { name: 'logs', kind: 'syslog', host: '127.0.0.1', port, ca: fileOf(ca) });
  const { send } = senderOf(target, '0.1.0');
  await send([event(), event({ id: 'x/0001/1/1', user: 'zoë\nroot' })], never);
  expect(received.map((one) => parseSyslog(one).data['ubad@32473']!.id)).toEqual(['main/0007/12/3', 'x/0001/1/1']);
  await expect(send([event()], never)).rejects.toThrow();
  await send([event()], never);
  expect(received.length).toBe(3);
  const other = v.parse(targetSchema, { name: 'logs', kind: 'syslog', host: '127.0.0.1', port, ca: null });
  await expect(senderOf(other, '1').send([event()], never)).rejects.toThrow(/self-signed/);
});

it.each([
  [[{ name: 'a', kind: 'webhook', form: 'ecs', url: 'http://x.example/', secretFile: '/x' }], 'use https'],
  [
    [{ name: 'a', kind: 'webhook', form: 'ecs', url: 'https://x/', secretFile: '/x', private: ['10.0.0.0/33'] }],
    'use an address',
  ],
  [[{ name: '../a', kind: 'syslog', host: 'x' }], 'use small letters'],
  [
    [
      { name: 'a', kind: 'syslog', host: 'x' },
      { name: 'a', kind: 'syslog', host: 'y' },
    ],
    'a name of its own',
  ],
])('does not take targets %j', (value, why) => {
  expect(() => v.parse(targetsSchema, value)).toThrow(why);
});

it('names a file that a target needs and that is not there, and a secret that is none', () => {
  const target = webhook('https://127.0.0.1/', '');
  expect(() => senderOf({ ...target, ca: '/nonexistent' }, '1')).toThrow(/\/nonexistent, which the target siem needs/);
  expect(() => senderOf({ ...target, secretFile: fileOf('short') } as typeof target, '1')).toThrow(/shorter than 16/);
});

/** A feed of numbers from 1 on, which grows. */
class Numbers implements Feed {
  newest = 0;
  begin(): number {
    return this.newest;
  }
  next(position: unknown, most: number) {
    const from = typeof position === 'number' ? position : 0;
    const upTo = Math.min(this.newest, from + most);
    const events = Array.from({ length: upTo - from }, (_, n) => event({ id: String(from + 1 + n) }));
    return { events, position: upTo };
  }
}

function sending(feed: Feed, send: SendingOptions['sender']['send'], folder: string) {
  const stop = new AbortController();
  const notices: string[] = [];
  const onNotice = (text: string): void => void notices.push(text);
  const done = sendAll({
    name: 'a',
    feed,
    sender: { most: 3, send },
    folder,
    signal: stop.signal,
    onNotice,
    everyMs: 5,
    retryMs: 5,
  });
  return {
    notices,
    stop: async () => {
      stop.abort();
      await done;
    },
  };
}

it('begins with the present, sends all that comes in order, and goes on where it was', async () => {
  const [feed, folder] = [new Numbers(), scratch()];
  feed.newest = 4;
  const sent: string[] = [];
  const send = (events: readonly ExportEvent[]): Promise<void> => {
    sent.push(...events.map(({ id }) => id));
    return Promise.resolve();
  };
  const first = sending(feed, send, folder);
  await setTimeout(30);
  feed.newest = 9;
  await setTimeout(60);
  await first.stop();
  feed.newest = 11;
  const second = sending(feed, send, folder);
  await setTimeout(60);
  await second.stop();
  expect(sent).toEqual(['5', '6', '7', '8', '9', '10', '11']);
});

it('sends again what was not taken, in order, and says so; also after a kill in between', async () => {
  const [feed, folder] = [new Numbers(), scratch()];
  const sent: string[][] = [];
  let fails = 2;
  const send = (events: readonly ExportEvent[]): Promise<void> => {
    sent.push(events.map(({ id }) => id));
    return fails-- > 0 ? Promise.reject(new Error('it answered 503')) : Promise.resolve();
  };
  const first = sending(feed, send, folder);
  await setTimeout(10);
  feed.newest = 5;
  await setTimeout(120);
  await first.stop();
  expect(sent).toEqual([
    ['1', '2', '3'],
    ['1', '2', '3'],
    ['1', '2', '3'],
    ['4', '5'],
  ]);
  expect(first.notices.length).toBe(2);
  expect(first.notices[0]).toMatch(/^Alerts were not sent to a: it answered 503\. They are sent again in/);
  // What was sent when the position was not yet written is sent again.
  writeFileSync(join(folder, 'export-a.json'), '3');
  const second = sending(feed, send, folder);
  await setTimeout(60);
  await second.stop();
  expect(sent.at(-1)).toEqual(['4', '5']);
  expect(readFileSync(join(folder, 'export-a.json'), 'utf8')).toBe('5');
});

it('sends all that is kept where its position is damaged, and says so', async () => {
  const [feed, folder] = [new Numbers(), scratch()];
  feed.newest = 2;
  writeFileSync(join(folder, 'export-a.json'), '{');
  const sent: string[] = [];
  const one = sending(
    feed,
    (events) => {
      sent.push(...events.map(({ id }) => id));
      return Promise.resolve();
    },
    folder,
  );
  await setTimeout(60);
  await one.stop();
  expect(sent).toEqual(['1', '2']);
  expect(one.notices).toEqual([expect.stringMatching(/is damaged: all alerts that are kept are sent to a again/)]);
});
