import { hostname, userInfo } from 'node:os';

/** Who says something to the fleet, for people: nothing that is checked. */
export const sayerOf = (): string => `${userInfo().username}@${hostname()}`.slice(0, 100);
