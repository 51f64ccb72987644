import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { expect } from 'vitest';

const project = join(import.meta.dirname, '..', '..');
/** These go on until they are told to stop; by the words of theirs after which they do what they are for. */
const SERVICES: Readonly<Record<string, RegExp>> = { watch: /\(incident 1,/, serve: /^ubad is at http:/m };
const DEADLINE = 600_000;

/** A copy of the checkout and a home of its own: what a document's commands make is made there. */
export class Checkout {
  readonly root = mkdtempSync(join(tmpdir(), 'ubad-documents-'));
  readonly folder = join(this.root, 'ubad');
  readonly home = join(this.root, 'home');

  constructor() {
    for (const folder of [this.folder, this.home, join(this.root, 'tmp')]) mkdirSync(folder, { recursive: true });
    const tracked = spawnSync('git', ['ls-files', '-z'], { cwd: project, encoding: 'utf8' }).stdout.split('\0');
    for (const file of tracked.filter((name) => name !== '')) {
      mkdirSync(dirname(join(this.folder, file)), { recursive: true });
      cpSync(join(project, file), join(this.folder, file));
    }
    symlinkSync(join(project, 'node_modules'), join(this.folder, 'node_modules'));
  }

  /** In a shell, as a person pastes it; only /tmp is another one. @returns what it printed */
  run(command: string, allowed: readonly number[] = [0]): string {
    const ran = spawnSync('sh', ['-c', this.#moved(command)], { ...this.#where, encoding: 'utf8', timeout: DEADLINE });
    expect(allowed, `${command}\n${ran.stdout.slice(-2000)}\n${ran.stderr.slice(-2000)}`).toContain(ran.status);
    return ran.stdout;
  }

  /** Whether it goes on until it is stopped. */
  static isService(command: string): boolean {
    return Object.hasOwn(SERVICES, command.split(' ').at(-1)!);
  }

  /** Starts it, waits until it does what it is for, and stops it: it has to end well. */
  async serve(command: string): Promise<void> {
    const started = spawn('sh', ['-c', `exec ${this.#moved(command)}`], {
      ...this.#where,
      stdio: 'pipe',
      detached: true,
    });
    let output = '';
    for (const stream of [started.stdout, started.stderr]) stream.on('data', (part) => (output += String(part)));
    const ended = new Promise<number | null>((resolve) =>
      started.once('exit', (status) => {
        resolve(status);
      }),
    );
    const wanted = SERVICES[command.split(' ').at(-1)!]!;
    const late = Date.now() + DEADLINE;
    while (!wanted.test(output) && started.exitCode === null && Date.now() < late) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(output).toMatch(wanted);
    // The whole group, as Ctrl-C does.
    process.kill(-started.pid!, 'SIGTERM');
    expect([0, 143, null]).toContain(await ended);
  }

  /** A machine whose log the program follows: the example's, judged by the models that ship. */
  live(): void {
    const log = join(this.home, 'osqueryd.results.log');
    for (const part of ['past', 'week']) {
      appendFileSync(log, gunzipSync(readFileSync(join(this.folder, 'data', 'example', `${part}.log.gz`))));
    }
    const models = join(this.folder, 'models', 'shipped');
    for (const user of ['alice', 'bob', 'carol', 'dave']) this.run(`npm exec ubad -- models import ${models}/${user}`);
    this.run(`npm exec ubad -- config set log ${log}`);
    this.run('npm exec ubad -- config set algorithm both');
  }

  /** Logs and labels under the names that docs/benchmarks.md uses. */
  logs(): void {
    for (const [seed, name] of ['a', 'b'].entries()) {
      for (const part of ['train', 'test']) {
        const options = `--users 1 --days 3 --attacks none --seed ${seed + (part === 'test' ? 7 : 1)}`;
        this.run(`npm exec ubad -- simulate ${options} --out ${name}.${part}.log`);
      }
      const rows = ['unit,line_from,line_to,label', '0,1,100,0', '1,101,200,1'];
      appendFileSync(join(this.folder, `${name}.csv`), `${rows.join('\n')}\n`);
    }
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  get #where() {
    const { PATH } = process.env;
    return { cwd: this.folder, env: { PATH, HOME: this.home, npm_config_update_notifier: 'false' } };
  }

  #moved(command: string): string {
    return command.replaceAll('/tmp/', `${this.root}/tmp/`);
  }
}
