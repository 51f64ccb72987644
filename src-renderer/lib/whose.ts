import type { AlertDetail } from '../../src-main/contract/alerts.ts';
import { isMachine } from '../../src-main/contract/subjects.ts';

/** Whom an alert is about, as seen by who reads it: themselves, somebody else, or a machine, which is nobody. */
export const whoseOf = ({ mine, user }: Pick<AlertDetail, 'mine' | 'user'>): 'me' | 'them' | 'machine' =>
  mine ? 'me' : isMachine(user) ? 'machine' : 'them';
