import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

import { expect } from 'vitest';

import { labelText } from '../../src-main/cli/simulate.ts';
import { simulated } from '../simulate/simulated.ts';

const project = join(import.meta.dirname, '..', '..');
/** These go on until they are told to stop; by the words of theirs after which they do what they are for. */
const SERVICES: Readonly<Record<string, RegExp>> = {
  watch: /\(incident 1,/,
  serve: /^ubad is at http:/m,
  start: /^ubad is at http:/m,
};
/** What changes the machine. Where a document asks for it without saying that it takes root, the document is wrong. */
const OF_ROOT = ['sudo', 'pkexec', 'systemctl', 'journalctl', 'apt', 'apt-get', 'dpkg'];
/** Stands in the documents for the address of the project. */
const REPOSITORY = '<this repository>';
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
    // As in a checkout where "npm start" was the first command, as the documents have it.
    cpSync(join(project, 'out'), join(this.folder, 'out'), { recursive: true });
    mkdirSync(this.#tools);
    for (const tool of OF_ROOT) {
      writeFileSync(join(this.#tools, tool), '#!/bin/sh\necho "$0 needs root: mark it" >&2\nexit 99\n');
      chmodSync(join(this.#tools, tool), 0o755);
    }
  }

  /** In a shell, as a person pastes it; only /tmp and the address of the repository are others. @returns what it printed */
  run(command: string, allowed: readonly number[] = [0]): string {
    const ran = spawnSync('sh', ['-c', this.#moved(command)], { ...this.#where, encoding: 'utf8', timeout: DEADLINE });
    expect(allowed, `${command}\n${ran.stdout.slice(-2000)}\n${ran.stderr.slice(-2000)}`).toContain(ran.status);
    return ran.stdout;
  }

  /** Whether it goes on until it is stopped. */
  static isService(command: string): boolean {
    return Object.hasOwn(SERVICES, command.split(' ').at(-1)!);
  }

  /** Starts it, waits until it does what it is for, and stops it: by itself or with npm, which the signal may end first. */
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

  /** A machine whose log the program follows: the example's last week, judged by the models that ship. */
  live(): void {
    const log = join(this.home, 'osqueryd.results.log');
    const [past, week] = ['past', 'week'].map((part) =>
      gunzipSync(readFileSync(join(this.folder, 'data', 'example', `${part}.log.gz`))).toString(),
    );
    // Who the uids are was told once, at the beginning.
    const users = past!.split('\n').filter((line) => line.includes('_users"'));
    writeFileSync(log, `${users.join('\n')}\n${week!}`);
    for (const user of ['alice', 'bob', 'carol', 'dave']) {
      this.run(`npm exec ubad -- models import models/shipped/${user}`);
    }
    this.run('npm exec ubad -- config set log ~/osqueryd.results.log');
    this.run('npm exec ubad -- config set algorithm both');
  }

  /**
   * One person's three days in place of the example's four people and three weeks: a command that trains on it then takes
   * seconds, and does all that it does with more.
   */
  smallExample(): void {
    const { lines, labels } = simulated({ users: 1, days: 3 });
    const last = lines[0]!.time + 2 * 86_400;
    const first = lines.findIndex(({ time }) => time >= last);
    for (const [name, part] of Object.entries({ past: lines.slice(0, first), week: lines.slice(first) })) {
      const text = part.map((line) => `${line.text}\n`).join('');
      writeFileSync(join(this.folder, 'data', 'example', `${name}.log.gz`), gzipSync(text));
    }
    writeFileSync(join(this.folder, 'data', 'example', 'labels.jsonl'), labelText(labels));
  }

  /** Logs and labels under the names that docs/benchmarks.md uses. */
  logs(): void {
    for (const [seed, name] of ['a', 'b'].entries()) {
      for (const part of ['train', 'test']) {
        const options = `--users 1 --days ${part === 'train' ? 2 : 1} --attacks none --seed ${seed + (part === 'test' ? 7 : 1)}`;
        this.run(`npm exec ubad -- simulate ${options} --out ${name}.${part}.log`);
      }
      const rows = ['unit,line_from,line_to,label', '0,1,100,0', '1,101,200,1'];
      writeFileSync(join(this.folder, `${name}.csv`), `${rows.join('\n')}\n`);
    }
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  get #where() {
    const PATH = `${this.#tools}:${process.env.PATH ?? ''}`;
    return { cwd: this.folder, env: { PATH, HOME: this.home, npm_config_update_notifier: 'false' } };
  }

  /** What a clone is made of: its folder has the project's name, wherever the project lies. */
  #repository(): string {
    const path = join(this.root, 'repository', 'ubad');
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(project, path);
    return path;
  }

  get #tools() {
    return join(this.root, 'tools');
  }

  #moved(command: string): string {
    const moved = command.replaceAll('/tmp/', `${this.root}/tmp/`);
    return moved.includes(REPOSITORY) ? moved.replaceAll(REPOSITORY, this.#repository()) : moved;
  }
}
