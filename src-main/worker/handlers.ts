import type { engineCalls } from '../contract/contract.ts';
import type { Handlers } from '../contract/ipc.ts';
import type { EngineSession } from './engine-session.ts';
import { alertHandlers } from './handlers/alerts.ts';
import { contextOf } from './handlers/context.ts';
import { feedbackHandlers } from './handlers/feedback.ts';
import { modelHandlers } from './handlers/models.ts';
import { privacyHandlers } from './handlers/privacy.ts';
import { readerHandlers } from './handlers/reader.ts';
import { timelineHandlers } from './handlers/timeline.ts';
import type { Tell } from './serve.ts';

/** What the worker answers: the engine's stores and rules, in the words of the contract. */
export function handlersOn(session: EngineSession, tell: Tell): Handlers<typeof engineCalls> {
  const context = contextOf(session, tell);
  return {
    ...readerHandlers(context),
    ...alertHandlers(context),
    ...feedbackHandlers(context),
    ...timelineHandlers(context),
    ...modelHandlers(context),
    ...privacyHandlers(context),
  };
}
