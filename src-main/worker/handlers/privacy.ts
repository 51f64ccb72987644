import type { privacyCalls } from '../../contract/contract.ts';
import type { Handlers } from '../../contract/ipc.ts';
import type { Deleted } from '../../contract/privacy.ts';
import type { Store } from '../../engine/store/store.ts';
import { exportOf, forget } from '../views/privacy.ts';
import type { Context } from './context.ts';

/** What is kept of a user. */
export function privacyHandlers({
  session,
  view,
  subjectOf,
  tellStatus,
  forgetRemembered,
}: Context): Handlers<typeof privacyCalls> {
  const forgetting = async (work: (store: Store) => Deleted): Promise<Deleted> => {
    const gone = await session.forget(work);
    session.ownLog?.logEvent({ what: 'forgotten', actions: gone.actions });
    forgetRemembered();
    tellStatus();
    return gone;
  };
  return {
    async deleteUser(user) {
      const { id } = subjectOf(user);
      return forgetting((store) => forget(store, [id], undefined));
    },
    async deleteSince({ user, seconds }) {
      const { store, options } = session.opened;
      const ids = user === undefined ? store.subjects.list().map(({ id }) => id) : [subjectOf(user).id];
      const since = options.now() - seconds;
      return forgetting((open) => {
        if (user === undefined) open.forget.refusedSince(since);
        return forget(open, ids, since);
      });
    },
    exportUser: (asked) => exportOf(view(), asked),
  };
}
