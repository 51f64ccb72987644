/**
 * How many of a POST's first lines were published before. osquery sends again what was not acknowledged, with what came since, and
 * drops the oldest when its buffer is full: so what was published is continued at the first place from which it and the new POST
 * are alike for as long as both go on.
 * @param published hashes of the lines of the POST that was published last, as far as it was
 * @param post hashes of the new POST's lines
 */
export function knownOf(published: readonly string[], post: readonly string[]): number {
  for (let from = 0; from < published.length; from++) {
    const common = Math.min(published.length - from, post.length);
    let same = 0;
    while (same < common && published[from + same] === post[same]) same++;
    if (same === common) return common;
  }
  return 0;
}
