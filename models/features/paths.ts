/** People's own folders: there a number tells one person from another. */
const home = /^\/home\/[^/]+/;

/**
 * A path, or a part of one, whose numbers are not told apart: they are versions as a rule. An AppImage is mounted below six letters
 * of its name and six that are drawn.
 */
export const numbersAlike = (path: string): string =>
  path.replace(/^(\/tmp\/\.mount_.{1,6})[A-Za-z0-9]{6}(?=\/|$)/, '$1#').replace(/\d+/g, '#');

/**
 * A path in whose folders numbers are not told apart: `/snap/firefox/4336/usr` and `/snap/firefox/4451/usr` are the same folder
 * after an update.
 */
export function numberless(path: string): string {
  const end = path.lastIndexOf('/') + 1;
  const kept = home.exec(path)?.[0].length ?? 0;
  if (end <= kept) return path;
  return path.slice(0, kept) + numbersAlike(path.slice(kept, end)) + path.slice(end);
}

/**
 * A path like `numberless`, whose folders also lose a version at their names' end: `/usr/lib/firefox-esr` and `/usr/lib/firefox-esr-130`
 * are the same folder after an update.
 */
export function versionless(path: string): string {
  const end = path.lastIndexOf('/') + 1;
  const told = numberless(path);
  const kept = home.exec(path)?.[0].length ?? 0;
  if (end <= kept) return told;
  return told.slice(0, kept) + told.slice(kept).replace(/(?<=[^/])[-_]v?#(?:[.-]#)*(?=\/)/g, '');
}
