import { spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { expect } from 'vitest';

import type { DoctorStep, DoctorStepId } from '../../src-main/contract/doctor.ts';
import { examine, type Patient } from '../../src-main/host/doctor/examine.ts';
import { parseConfiguration } from '../../src-main/osquery/json.ts';
import { readOsquery } from '../../src-main/osquery/read.ts';
import { newFolder, NOW } from '../engine/store/store-at.ts';

export const CONF = '/etc/osquery/osquery.conf';
export const FLAGS = '/etc/osquery/osquery.flags';
const project = join(import.meta.dirname, '..', '..');

/** Words with which each command that was carried out begins: what the doctor can advise is held against it. */
export const carriedOut = new Set<string>();

/** A machine made of files. Its `osqueryd` does what its configuration says; `sudo`, `systemctl` and the rest are stand-ins. */
export class Machine {
  readonly root = newFolder();
  readonly #tools = join(this.root, 'tools');
  readonly #config = join(this.root, 'ubad.json');

  constructor(files: Readonly<Record<string, string>> = {}) {
    for (const folder of ['etc/osquery', 'var/lib', 'var/log/osquery', 'tools'])
      mkdirSync(join(this.root, folder), { recursive: true });
    // The access lists' tools are tried where they are: in distributions.test.ts, and at the step “log readable”.
    const tools: Readonly<Record<string, string>> = {
      sudo: 'SUDO_UID=1234 exec "$@"',
      systemctl: `echo "$@" >> '${this.root}/asked'`,
      journalctl: "echo 'osqueryd: it says why'",
      osqueryctl: "echo 'Error parsing config JSON' >&2; exit 1",
      ubad: [
        'command=$1',
        `[ "$command" = setup ] && set -- "$@" --yes --root '${this.root}'`,
        `[ "$command" = config ] && set -- "$@" --config '${this.#config}'`,
        `cd '${project}' && exec '${process.execPath}' src-main/cli.ts "$@"`,
      ].join('\n'),
    };
    for (const [name, text] of Object.entries(tools)) {
      writeFileSync(join(this.#tools, name), `#!/bin/sh\n${text}\n`);
      chmodSync(join(this.#tools, name), 0o755);
    }
    this.put('/opt/osquery/bin/osqueryd', '#!/bin/sh\necho osqueryd version 5.23.0\n');
    chmodSync(join(this.root, '/opt/osquery/bin/osqueryd'), 0o755);
    // Installed, as the package does it; what is run is the stand-in above.
    this.put('/usr/bin/ubad', '#!/bin/sh\n');
    chmodSync(join(this.root, '/usr/bin/ubad'), 0o755);
    this.put('/proc/1/comm', 'systemd\n').put('/proc/77/comm', 'osqueryd\n');
    this.put('/var/log/osquery/osqueryd.results.log', '');
    for (const [path, text] of Object.entries(files)) this.put(path, text);
  }

  put(path: string, text: string): this {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
    return this;
  }

  text(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  remove(path: string): this {
    rmSync(join(this.root, path), { recursive: true });
    return this;
  }

  /** Starts the daemon, which reads its configuration then: it logs a result when it was asked for one. */
  osqueryd(): void {
    this.put('/proc/77/comm', 'osqueryd\n');
    const { packs, off, withoutFiles, log, sources } = readOsquery(this.root);
    const isBroken = sources.some(({ state }) => state !== 'read');
    const pack = packs.find(({ name }) => name === 'user-behavior');
    const file = typeof pack?.place === 'string' ? join(this.root, pack.place) : '';
    const asks = existsSync(file) && parseConfiguration(readFileSync(file, 'utf8'))?.queries !== undefined;
    if (isBroken || off || withoutFiles || !asks) return;
    mkdirSync(dirname(join(this.root, log)), { recursive: true });
    this.result(log);
  }

  result(log = '/var/log/osquery/osqueryd.results.log'): void {
    appendFileSync(join(this.root, log), `{"name":"pack_user-behavior_heartbeat","unixTime":${NOW - 30}}\n`);
  }

  async step(id: DoctorStepId, more: Partial<Patient> = {}): Promise<DoctorStep> {
    const { root } = this;
    const log = join(root, this.#log());
    const patient: Patient = {
      root,
      log,
      host: 'terminal',
      status: null,
      now: NOW,
      path: ['/opt/osquery/bin'],
      ...more,
    };
    const { steps } = await examine(patient);
    return steps.find((step) => step.id === id)!;
  }

  /** In a shell, as a person pastes it. */
  run(command: string): void {
    for (const one of command.split(' && ')) carriedOut.add(one.split(' ').slice(0, 3).join(' '));
    const env = { PATH: `${this.#tools}:/usr/sbin:/usr/bin:/bin`, HOME: this.root, XDG_STATE_HOME: this.root };
    const ran = spawnSync('sh', ['-c', command], { encoding: 'utf8', env });
    expect(ran.stderr).not.toContain('not found');
    if (!command.includes('osqueryctl')) expect(ran.status, ran.stderr).toBe(0);
    // `ubad setup` starts it again where it is not given another root.
    if (/ubad setup|systemctl (restart|enable)/.test(command)) this.osqueryd();
  }

  /** Which log ubad reads now. */
  #log(): string {
    const config = existsSync(this.#config) ? (JSON.parse(readFileSync(this.#config, 'utf8')) as { log?: string }) : {};
    return config.log ?? '/var/log/osquery/osqueryd.results.log';
  }
}

/**
 * Does what the doctor says until a step is well. It may not say the same twice: what was done did not help then.
 * @param byHand does what a remedy without a command says
 * @returns what was wrong, one after the other
 */
export async function cured(
  machine: Machine,
  id: DoctorStepId,
  byHand: (step: DoctorStep) => void = () => undefined,
): Promise<string[]> {
  const wrong: string[] = [];
  for (;;) {
    const step = await machine.step(id);
    if (step.state === 'pass') return wrong;
    expect(step.remedy, 'what is not well says what to do').not.toBeNull();
    expect(wrong, 'the same is advised again').not.toContain(step.why);
    wrong.push(step.why);
    if (step.command !== null) machine.run(step.command);
    byHand(step);
  }
}
