/** Whom a fleet is to forget. */

/**
 * Whether a user, as a partition names them, is meant: `anna@desk-1` is one of them, `anna` all of that name on whatever host.
 * @param name as a partition has it
 */
export const isMeant = (name: string, meant: string): boolean =>
  name === meant || name.slice(0, Math.max(0, name.lastIndexOf('@'))) === meant;
