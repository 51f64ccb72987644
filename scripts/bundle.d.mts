/**
 * Runs the bundlers of vite.config.js.
 * @param root absolute
 * @returns folders of packages that are in a bundle, relative to `root`: that ships, whatever package.json calls it
 */
export function bundle(root: string, options: { readonly write: boolean }): Promise<string[]>;
