/** A configuration's text, as osquery takes it (`stripConfigComments`): it is JSON with comments and continued lines. */
export type Parsed = Readonly<Record<string, unknown>>;

/** Lines joined at a backslash before their end; then whole lines of comment left out. @returns undefined: not an object of JSON */
export function parseConfiguration(text: string): Parsed | undefined {
  const lines = text.replaceAll('\\\n', '').split('\n');
  const kept = lines.map((line) => line.trim()).filter((line) => !isComment(line));
  try {
    const value: unknown = JSON.parse(kept.join('\n'));
    return isObject(value) ? value : undefined;
  } catch (error) {
    // A RangeError: nested deeper than there is stack for. osquery does not take that either.
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The text with blanks in place of comments and of joints, each place where it was. @param text that `parseConfiguration` takes */
export const blanked = (text: string): string =>
  text
    .replaceAll('\\\n', '  ')
    .split('\n')
    .map((line) => (isComment(line.trim()) ? ' '.repeat(line.length) : line))
    .join('\n');

const isComment = (line: string): boolean => line.startsWith('#') || line.startsWith('//');

export const isObject = (value: unknown): value is Parsed =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
