import type { modelCalls } from '../../contract/contract.ts';
import { AskFailed, type Handlers } from '../../contract/ipc.ts';
import { message } from '../../contract/story/messages.ts';
import { moveReference, returnToReference } from '../../engine/model-lifecycle/drift-check.ts';
import { errorsOf } from '../views/errors.ts';
import { modelsOf } from '../views/models.ts';
import type { Context } from './context.ts';

/** What is normal for whom. */
export function modelHandlers({ session, view, subjectOf }: Context): Handlers<typeof modelCalls> {
  return {
    models: () => modelsOf(view()),
    errors: (user) => errorsOf(view(), user),
    async rollback(version) {
      if (!session.opened.store.versions.byId(version)) {
        throw new AskFailed('not-found', message('not-found.version', { version }));
      }
      await session.renew((store) => {
        store.versions.activate(version);
      });
      session.ownLog?.logEvent({ what: 'rolled-back', version });
    },
    async answerSlowChange({ user, mine }) {
      const subject = subjectOf(user);
      const { state, algorithm, now } = session.opened.options;
      await session.renew((store) => {
        const inUse = store.versions.active(subject.id, algorithm);
        if (mine && inUse) moveReference(store, subject, inUse);
        const why = mine ? undefined : returnToReference(store, state, subject, now());
        if (why !== undefined) throw new AskFailed('refused', why);
      });
    },
    trainNow: (user) => session.trainNow(user),
  };
}
