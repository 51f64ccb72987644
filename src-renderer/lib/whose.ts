import type { AlertDetail } from '../../src-main/contract/alerts.ts';
import { isMachine } from '../../src-main/contract/subjects.ts';
import { mayBeUnmeant } from '../../src-main/contract/story/tell.ts';

/**
 * Whom an alert is about, as seen by who reads it: themselves, somebody else, or a machine, which is nobody. Who opened something that then
 * started a program was there, and is asked whether they meant it.
 */
export function whoseOf({
  mine,
  user,
  story,
}: Pick<AlertDetail, 'mine' | 'user' | 'story'>): 'me' | 'them' | 'me.meant' | 'them.meant' | 'machine' {
  if (!mine && isMachine(user)) return 'machine';
  const who = mine ? 'me' : 'them';
  return mayBeUnmeant(story) ? `${who}.meant` : who;
}
