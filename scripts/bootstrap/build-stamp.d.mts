/** Whether the built program is there and made of the sources as they are now. */
export function isBuildFresh(root: string): boolean;

/** A list of the folders of packages that the last build put in, as JSON. */
export function bundledPath(root: string): string;
