import type { Series } from '../../../src-main/contract/timeline.ts';
import type { Mark } from '../../lib/listed.ts';
import { xOf, type Stretch } from '../../lib/scale.ts';
import { laneAt } from './draw.ts';

/** CSS pixels beside a mark at which it is still meant. */
const NEAR = 4;

/** The mark at a place of the chart, or the nearest one beside it. @param at `x` in the plot, which is `plot` wide; `y` in the chart */
export function markAt(
  series: Series,
  at: { readonly stretch: Stretch; readonly plot: number; readonly x: number; readonly y: number },
): Mark | undefined {
  const lane = series.lanes[laneAt(series.lanes.length, at.y) ?? NaN];
  if (!lane) return undefined;
  const size = (series.bucketSeconds / (at.stretch.to - at.stretch.from)) * at.plot;
  const found = lane.marks
    .map((mark) => {
      const left = xOf(at.stretch, at.plot, series.start + mark.bucket * series.bucketSeconds);
      return { mark, far: Math.max(left - at.x, at.x - left - size, 0) };
    })
    .reduce<{ mark: (typeof lane.marks)[number]; far: number } | undefined>(
      (a, b) => (a && a.far <= b.far ? a : b),
      undefined,
    );
  if (!found || found.far > NEAR) return undefined;
  const { count, first, last } = found.mark;
  return { kind: lane.kind, label: lane.label, count, first, last };
}
