/** All icons, by file name below build/icons. */
export function icons(): Map<string, Buffer>;
