import { join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';

/** What ships. */
const ROOMS = ['conf', 'models', 'src-main', 'src-renderer'];

/** The graph of the rooms as Graphviz reads it. @param root of the checkout, which is the working directory */
export async function graphOf(root: string): Promise<string> {
  const {
    enhancedResolveOptions,
    tsConfig: _resolvesTheSame,
    ...options
  } = await extractOptions(join(root, '.dependency-cruiser.mjs'));
  const { output } = await cruise(
    ROOMS,
    { ...options, baseDir: root, includeOnly: `^(${ROOMS.join('|')})/`, outputType: 'archi' },
    enhancedResolveOptions,
  );
  if (typeof output !== 'string') throw new Error('dependency-cruiser gave no text.');
  return output;
}

/** Which room imports which. @param dot as `graphOf` gives it */
export const arrowsOf = (dot: string): readonly (readonly [from: string, to: string])[] =>
  [...dot.matchAll(/^ +"([^"]+)" -> "([^"]+)"/gm)].map(([, from, to]) => [from!, to!]);
