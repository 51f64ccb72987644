import { existsSync } from 'node:fs';

import type { NatsConnection } from '@nats-io/transport-node';

import { FLEET_FILE, readFleetConfig, type FleetConfig } from '../../fleet/config.ts';
import { FleetProblem } from '../../fleet/failure.ts';
import { connectTo } from '../../fleet/wire/connect.ts';
import { deniedIn } from '../../fleet/wire/denied.ts';
import { Subjects } from '../../fleet/wire/subjects.ts';
import { exitCodes, Failure } from '../failure.ts';
import { localFiles, localFolderOf } from './local.ts';

export interface FleetOptions {
  readonly config?: string;
}

export interface InspectOptions extends FleetOptions {
  readonly json?: boolean;
}

/** Where nothing is said: the machine's, else that of a fleet of this machine alone. */
export function fileOf({ config }: FleetOptions): string {
  if (config !== undefined) return config;
  const local = localFiles(localFolderOf(undefined)).config;
  return !existsSync(FLEET_FILE) && existsSync(local) ? local : FLEET_FILE;
}

/** @throws Failure for a configuration that cannot be read or has something wrong in it */
export function configOf(options: FleetOptions): FleetConfig {
  return told(() => readFleetConfig(fileOf(options)), exitCodes.unreadable);
}

/** Connects, does the work, and lets go. @throws Failure for what a person has to see to */
export async function connected<T>(
  options: FleetOptions,
  name: string,
  work: (nc: NatsConnection, subjects: Subjects, config: FleetConfig) => Promise<T>,
): Promise<T> {
  const config = configOf(options);
  const { servers, credentials, ca, tenant } = config;
  return toldLater(async () => {
    const nc = await connectTo({ servers, credentials, ca, name });
    try {
      return await work(nc, new Subjects(tenant), config);
    } finally {
      await nc.close();
    }
  });
}

/** What a person has to see to is told as a sentence. */
export async function toldLater<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asFailure(error, exitCodes.failed);
  }
}

function told<T>(work: () => T, code: number): T {
  try {
    return work();
  } catch (error) {
    throw asFailure(error, code);
  }
}

function asFailure(error: unknown, code: number): unknown {
  const problem = error instanceof FleetProblem ? error : deniedIn(error);
  return problem ? new Failure(problem.message, code) : error;
}
