import { onTestFinished } from 'vitest';
import * as v from 'valibot';

import { engineSettingsSchema } from '../../src-main/contract/settings.ts';
import type { engineCalls } from '../../src-main/contract/contract.ts';
import type { Handlers } from '../../src-main/contract/ipc.ts';
import { handlersOn } from '../../src-main/worker/handlers.ts';
import { Room } from '../../src-main/worker/room.ts';
import { newFolder } from '../engine/store/store-at.ts';

export interface OpenRoom {
  readonly room: Room;
  readonly calls: Handlers<typeof engineCalls>;
  readonly state: string;
  readonly notices: string[];
}

/** The worker's answers on a store of their own, without a process. */
export async function openRoom(given: Record<string, unknown> = {}): Promise<OpenRoom> {
  const state = newFolder();
  const notices: string[] = [];
  const room = new Room((event, value) => {
    if (event === 'notice') notices.push(value as string);
  });
  const calls = handlersOn(room, () => undefined);
  await calls.applySettings(v.parse(engineSettingsSchema, { state, trainAfter: 100_000, ...given }));
  onTestFinished(() => room.close());
  return { room, calls, state, notices };
}
