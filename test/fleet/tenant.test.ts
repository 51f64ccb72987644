import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { nkeys, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { deniedIn } from '../../src-main/fleet/wire/denied.ts';
import { connectTo } from '../../src-main/fleet/wire/connect.ts';
import { ExactPublisher } from '../../src-main/fleet/wire/exact-publisher.ts';
import { blocksFrom } from '../../src-main/fleet/wire/read-stream.ts';
import { metaOf } from '../../src-main/fleet/wire/streams.ts';
import { Subjects } from '../../src-main/fleet/wire/subjects.ts';
import { certificateOf } from '../certificate.ts';
import { scratch } from '../scratch.ts';
import { linesOfHosts, publishAll } from './lines.ts';
import { describeWithNats, NatsServer } from './nats-server.ts';
import { visit } from './page-visit.ts';
import { until } from './processes.ts';

const cli = join(import.meta.dirname, '..', '..', 'src-main', 'cli.ts');
const never = new AbortController().signal;

describeWithNats('the configuration that is printed, with a key a role and TLS', () => {
  const folder = scratch();
  const at = (name: string): string => join(folder, name);
  const own = { HOME: folder, XDG_STATE_HOME: folder, XDG_CONFIG_HOME: folder, XDG_RUNTIME_DIR: folder };
  const env = { ...process.env, ...own };
  const { certificate, key } = certificateOf();
  const started: ChildProcess[] = [];
  const connections: NatsConnection[] = [];
  let server: NatsServer;

  const configOf = (name: string, who: string, tenant = 'one', changed: object = {}): string => {
    const file = at(`${name}.json`);
    const state = { worker: { processes: 1, state: at(`${name}-worker`) }, inbox: { state: at('inbox') } };
    const servers = [`tls://127.0.0.1:${server.port}`];
    const settings = { tenant, servers, ca: at('ca.pem'), credentials: at(`keys/${who}.nk`), partitions: 1, lease: 4 };
    const bridge = { subject: 'osquery.results' };
    writeFileSync(
      file,
      JSON.stringify({ ...settings, bridge, engine: { algorithm: 'ocsvm', trainAfter: 1000 }, ...state, ...changed }),
    );
    return file;
  };
  const ask = async (who: string, ...words: string[]): Promise<string> =>
    (await promisify(execFile)(process.execPath, [cli, 'fleet', ...words, '--config', configOf('asked', who)], { env }))
      .stdout;
  const as = async (who: string): Promise<NatsConnection> => {
    const servers = [`tls://127.0.0.1:${server.port}`];
    const nc = await connectTo({ servers, name: who, credentials: at(`keys/${who}.nk`), ca: at('ca.pem') });
    connections.push(nc);
    return nc;
  };
  /** What a process says. */
  const start = (who: string, ...words: string[]): { readonly said: () => string; readonly process: ChildProcess } => {
    const child = spawn(process.execPath, [cli, 'fleet', ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    started.push(child);
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    return { said: () => text, process: child };
  };

  beforeAll(async () => {
    for (const [name, text] of [
      ['ca.pem', certificate],
      ['server.key', key],
    ] as const)
      writeFileSync(at(name), text);
    const empty = at('none.json');
    writeFileSync(empty, JSON.stringify({ tenant: 'one', partitions: 1 }));
    const tenants = ['--tenant', 'one', 'two', '--forward', 'desk-0.example', 'desk-1.example'];
    const words = ['fleet', 'init', '--print-server-config', '--keys', at('keys'), '--config', empty, ...tenants];
    const printed = async (): Promise<string> =>
      (await promisify(execFile)(process.execPath, [cli, ...words], { env })).stdout;
    const text = await printed();
    // Keys that are there stay.
    expect(await printed()).toBe(text);
    server = await NatsServer.startWith((listen, store) =>
      text
        .replace('0.0.0.0:4222', listen)
        .replace('/var/lib/nats', store)
        .replace('/etc/nats/server.pem', at('ca.pem'))
        .replace('/etc/nats/server.key', at('server.key'))
        // 2.9 has no such setting.
        .replace(/^ *sync_interval.*$/m, ''),
    );
  });
  afterAll(async () => {
    for (const child of started) child.kill('SIGKILL');
    for (const nc of connections) await nc.close();
    await server.stop();
  });

  it('lets each do its work: init, a worker, a gateway, a bridge, an inbox, a page by the inbox’s key, and who looks', async () => {
    await ask('one/admin', 'init');
    const secrets = { enrollSecretFile: at('enroll'), keySecretFile: at('nodes') };
    for (const file of [at('enroll'), at('nodes')]) writeFileSync(file, 'a secret of some length\n');
    const gateway = { listen: '127.0.0.1:0', certificate: at('ca.pem'), key: at('server.key'), ...secrets };
    const runs = [
      start('worker', 'worker', '--name', 'w', '--config', configOf('worker', 'one/worker')),
      start('inbox', 'inbox', '--config', configOf('inbox', 'one/inbox')),
      start('gateway', 'gateway', '--config', configOf('gateway', 'one/gateway', 'one', { gateway })),
      start('bridge', 'bridge', '--config', configOf('bridge', 'one/bridge')),
    ];
    for (const { said } of runs) await until('it works', () => /is ready|inbox of|listens on|brings/.test(said()));
    const subjects = new Subjects('one');
    const nc = await as('one/gateway');
    const lines = linesOfHosts(1, 1600);
    await publishAll(nc, subjects, 1, lines);
    await until('the inbox has an alert', async () =>
      /[1-9]\d* of [1-9]/.test(await ask('one/inbox', 'alerts', 'list')),
    );
    await ask('one/inbox', 'alerts', 'mark', '0000/1', 'normal');
    await until('the answer is applied', async () =>
      (await ask('one/inbox', 'alerts', 'list', '--all')).includes('normal ('),
    );
    const served = start('page', 'serve', '--config', configOf('page', 'one/inbox'));
    await until('the page is there', () => served.said().includes('page is at http:'));
    const page = await visit(/http:\S+/.exec(served.said())![0]);
    expect((await page.told('0000/1')).detail).not.toBeNull();
    expect((await page.workers(undefined)).partitions).toMatchObject([{ partition: 0, refused: 0 }]);
    await page.decideHost({ host: 'desk-8', state: 'approved' });
    expect((await page.hosts(undefined)).rows.map(({ host }) => host)).toEqual(['desk-0.example', 'desk-8']);
    await page.answer({ alerts: ['0000/1'], verdict: 'none' });
    runs.push(served);
    const admin = await as('one/admin');
    const results = [
      { hostIdentifier: 'desk-5', name: 'x' },
      { hostIdentifier: 'desk-5', name: 'y' },
    ];
    for (const result of results) await jetstream(admin).publish('osquery.results', JSON.stringify(result));
    const manager = await jetstreamManager(admin, { checkAPI: false });
    const last_by_subj = subjects.linesOf('desk-5', 1);
    await until('the bridge has brought them', async () => {
      const last = await manager.streams.getMessage(subjects.linesStream, { last_by_subj }).catch(() => null);
      return last?.string().endsWith(JSON.stringify(results[1])) === true;
    });
    const looked = await ask('one/bridge', 'doctor', '--role', 'bridge').catch(
      (error: unknown) => (error as { readonly stdout: string }).stdout,
    );
    expect(looked).toMatch(/^✔ key: .* good for: (?:gateway, )?bridge\.$/m);
    expect(await ask('one/admin', 'status')).toContain('w.');
    await ask('one/admin', 'hosts', 'approve', 'desk-9');
    const stopped = runs.map(({ process: child }) => once(child, 'exit'));
    for (const { process: child } of runs) child.kill('SIGTERM');
    expect((await Promise.all(stopped)).map(([code]) => code as number)).toEqual([0, 0, 0, 0, 0]);
    // It gave its partition back, with a snapshot.
    expect(await ask('one/admin', 'status')).toContain('Nobody works on 1 of 1 partitions');
    for (const { said } of runs) expect(said()).not.toMatch(/does not let|tried again/);
  });

  it('refuses a gateway that tells an alert or speaks as a person, and a worker that purges or deletes lines', async () => {
    const subjects = new Subjects('one');
    const gateway = await as('one/gateway');
    const denied = async (work: Promise<unknown>): Promise<string> => {
      const error: unknown = await work.then(
        () => new Error('it was let'),
        (caught: unknown) => caught,
      );
      return deniedIn(error)?.message ?? String(error);
    };
    const publish = (nc: NatsConnection, subject: string) => jetstream(nc).publish(subject, '{}');
    expect(await denied(publish(gateway, subjects.alerts(0)))).toMatch(
      /does not let this key publish on ubad\.one\.alerts\.0000/,
    );
    expect(await denied(publish(gateway, subjects.say(0)))).toMatch(/does not let this key publish on .*=say=/);
    const alerts = await ExactPublisher.on(gateway, subjects.linesStream, never);
    // Not tried again for ever in silence.
    expect(await denied(alerts.publish({ subject: subjects.alerts(0), body: '{}', after: 0 }))).toContain(
      'does not let',
    );
    const worker = await as('one/worker');
    const manager = await jetstreamManager(worker, { checkAPI: false });
    expect(await denied(manager.streams.purge(subjects.linesStream))).toContain('STREAM.PURGE.UBAD_one_LINES');
    expect(await denied(manager.streams.delete(subjects.linesStream))).toContain('STREAM.DELETE.UBAD_one_LINES');
    expect(await denied(publish(worker, subjects.linesOf('desk-0.example', 1)))).toContain('does not let');
    const bridge = await as('one/bridge');
    expect(await denied(publish(bridge, subjects.alerts(0)))).toContain('does not let');
    expect(await denied(publish(bridge, subjects.say(0)))).toContain('does not let');
    expect(await denied(publish(bridge, `$KV.${subjects.bucket('META')}.fleet`))).toContain('does not let');
    const inbox = await as('one/inbox');
    expect(await denied(publish(inbox, subjects.alerts(0)))).toContain('does not let');
  });

  it('refuses a host that speaks for another, or reads what it sent or others did', async () => {
    const subjects = new Subjects('one');
    const nc = await as('one/forward-desk-0=2e=example');
    const { partitions } = await metaOf(nc, subjects);
    const own = subjects.linesOf('desk-0.example', partitions);
    const js = jetstream(nc);
    await js.publish(own, 'one line');
    await expect(js.publish(subjects.linesOf('desk-1.example', partitions), 'x')).rejects.toThrow(/[Pp]ermission/);
    const manager = await jetstreamManager(nc, { checkAPI: false });
    expect((await manager.direct.getMessage(subjects.linesStream, { last_by_subj: own }))?.string()).toBe('one line');
    const other = subjects.linesOf('desk-1.example', partitions);
    const log = at('results.log');
    writeFileSync(log, `${[...linesOfHosts(1, 3).values()][0]!.join('\n')}\n`);
    const forward = { log, host: 'desk-0.example', state: at('forward') };
    const settings = { mirror: 'lines', forward };
    const sender = start('f', 'forward', '--config', configOf('f', 'one/forward-desk-0=2e=example', 'one', settings));
    await until('it sends', () => sender.said().includes('came another way') && existsSync(at('forward/place.json')));
    const liar = { mirror: 'lines', forward: { ...forward, host: 'desk-1.example', state: at('liar') } };
    const other_ = start('l', 'forward', '--config', configOf('l', 'one/forward-desk-0=2e=example', 'one', liar));
    await until('a host that speaks for another is told', () =>
      other_.said().includes('does not let this key publish on'),
    );
    await expect(manager.direct.getMessage(subjects.linesStream, { last_by_subj: other })).rejects.toThrow();
    await expect(manager.streams.getMessage(subjects.linesStream, { seq: 1 })).rejects.toThrow();
    const read = async (): Promise<void> => {
      for await (const _ of blocksFrom(nc, subjects.linesStream, subjects.lines(0), 1, never)) break;
    };
    await expect(read()).rejects.toThrow(/does not let/);
  });

  it('lets nobody listen to what another one is answered, nor see another tenant', async () => {
    const gateway = await as('one/gateway');
    const workers = nkeys.fromSeed(readFileSync(at('keys/one/worker.nk')).subarray(0, 58)).getPublicKey();
    for (const subject of ['>', '_INBOX.>', `_INBOX_${workers}.>`])
      expect(await gateway.subscribe(subject).closed).toBeInstanceOf(Error);
    const other = await as('two/admin');
    await expect(metaOf(other, new Subjects('one'))).rejects.toThrow(/There is no fleet|stream not found|not enabled/);
    const worker = start('two', 'worker', '--config', configOf('thief', 'two/worker'));
    await until('it is told', () => /no fleet on these servers|stream not found|does not let/.test(worker.said()));
    const wrong = start('none', 'worker', '--config', configOf('wrong', 'one/gateway'));
    const told = (error: unknown): string => (error as { readonly stdout: string }).stdout;
    expect(await ask('one/gateway', 'doctor', '--role', 'gateway').catch(told)).toMatch(
      /^✔ key: .* good for: gateway\.$/m,
    );
    expect(await ask('one/gateway', 'doctor', '--role', 'worker').catch(told)).toMatch(
      /^✘ key: .* may not: read lines, tell alerts, renew leases, claim partitions, keep snapshots, delete old snapshots\./m,
    );
    expect(await ask('one/forward-desk-0=2e=example', 'doctor').catch(told)).toContain(
      'good for no process of a fleet but a forwarder',
    );
    await until('a key of another role is told', () => wrong.said().includes('does not let this key'));
  });
});
