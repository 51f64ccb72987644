/** A user's name without the host that it is told beside; a machine's own name stays whole. */
export function nameOf({ user, host }: { readonly user: string; readonly host: string }): string {
  const at = `@${host}`;
  return user.length > at.length && user.endsWith(at) ? user.slice(0, -at.length) : user;
}
