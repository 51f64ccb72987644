import { onTestFinished } from 'vitest';
import * as v from 'valibot';

import { engineSettingsSchema } from '../../src-main/contract/settings.ts';
import type { engineCalls } from '../../src-main/contract/contract.ts';
import type { Handlers } from '../../src-main/contract/ipc.ts';
import { handlersOn } from '../../src-main/worker/handlers.ts';
import { EngineSession } from '../../src-main/worker/engine-session.ts';
import { newFolder } from '../engine/store/store-at.ts';

export interface OpenSession {
  readonly session: EngineSession;
  readonly calls: Handlers<typeof engineCalls>;
  readonly state: string;
  readonly notices: string[];
}

/** The worker's answers on a store of their own, without a process. */
export async function openSession(given: Record<string, unknown> = {}): Promise<OpenSession> {
  const state = newFolder();
  const notices: string[] = [];
  const session = new EngineSession((event, value) => {
    if (event === 'notice') notices.push(value as string);
  });
  const calls = handlersOn(session, () => undefined);
  await calls.applySettings(v.parse(engineSettingsSchema, { state, trainAfter: 100_000, ...given }));
  onTestFinished(() => session.close());
  return { session, calls, state, notices };
}
