/** Whether the built program is there and made of the sources as they are now. */
export function isBuildFresh(root: string): boolean;
