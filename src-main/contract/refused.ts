import type { EngineStatus } from './alerts.ts';

/** Lines of logs in which no line was a result: it is read, and nothing comes of it. 0 as soon as one was. */
export const refusedAlone = ({ users, refused }: Pick<EngineStatus, 'users' | 'refused'>): number =>
  users.length > 0 ? 0 : refused.reduce((sum, { count }) => sum + count, 0);
