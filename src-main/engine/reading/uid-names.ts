import type { EngineOptions } from '../options.ts';
import { SubjectResolver } from './subject-resolver.ts';
import type { Store } from '../store/store.ts';

/** The names of uids that logs told, as `Who` takes them: by host and uid with a newline between. */
export function storedNames(store: Store): [string, string][] {
  return store.uidNames.list().map(({ host, uid, name }) => [`${host}\n${uid}`, name]);
}

/** Who tells whose an action is, with the names that are stored. */
export const restoredResolver = (
  store: Store,
  options: Pick<EngineOptions, 'subject' | 'passwd' | 'identity'>,
): SubjectResolver => new SubjectResolver(options.subject, storedNames(store), options.passwd, options.identity);

/** Only in a transaction. */
export function storeNames(store: Store, resolver: SubjectResolver): void {
  const names = resolver.save().map(([key, name]) => {
    const end = key.lastIndexOf('\n');
    return { host: key.slice(0, end), uid: key.slice(end + 1), name };
  });
  store.uidNames.replace(names);
}
