import { seenText } from '../../lib/hostile.ts';
import type { Series, Spans } from '../../../src-main/contract/timeline.ts';
import type { TimeStyle } from '../../lib/format.ts';
import { bandStretches, type HourBand } from '../../lib/hours.ts';
import { ticksOf, xOf, type Stretch } from '../../lib/scale.ts';
import type { Colours } from './colours.ts';

export interface Drawing {
  readonly series: Series;
  readonly spans: Spans;
  readonly stretch: Stretch;
  readonly band: HourBand | null;
  /** CSS pixels, of the whole and of the labels at its left. */
  readonly width: number;
  readonly labels: number;
  readonly colours: Colours;
  /** What the strip of scores is called. */
  readonly scoreLabel: string;
  readonly write: (seconds: number, style: TimeStyle) => string;
}

/** CSS pixels. */
export const LABELS = 150;
const MARKERS = 24;
const SCORES = 64;
const AXIS = 22;
const LEAST_ALERT = 3;
/** z that the score strip reaches at least, so that calm days look calm. */
const LEAST_SCALE = 4;

/** A few lanes have room for more. */
const laneOf = (lanes: number): number => (lanes <= 5 ? 40 : 28);

export const heightOf = (lanes: number): number => MARKERS + SCORES + Math.max(1, lanes) * laneOf(lanes) + AXIS;

/** The lane at a height of the chart; undefined where there is none. */
export function laneAt(lanes: number, y: number): number | undefined {
  const lane = Math.floor((y - MARKERS - SCORES) / laneOf(lanes));
  return lane >= 0 && lane < lanes ? lane : undefined;
}

/** Draws a stretch of a user's time: what is behind first, marks last. */
export function draw(context: CanvasRenderingContext2D, drawing: Drawing): void {
  const { series, width, labels, colours } = drawing;
  const height = heightOf(series.lanes.length);
  context.clearRect(0, 0, width, height);
  context.font = '12px system-ui, sans-serif';
  context.textBaseline = 'middle';
  context.save();
  context.beginPath();
  context.rect(labels, 0, width - labels, height);
  context.clip();
  context.translate(labels, 0);
  background(context, drawing, height - AXIS);
  axis(context, drawing, height);
  scores(context, drawing);
  lanes(context, drawing);
  context.restore();
  const tall = laneOf(series.lanes.length);
  if (labels > 0) {
    context.fillStyle = colours['text-quiet'];
    context.fillText(fitted(context, drawing.scoreLabel, labels - 12), 0, MARKERS + SCORES / 2);
    series.lanes.forEach(({ label }, lane) => {
      context.fillText(fitted(context, label, labels - 12), 0, MARKERS + SCORES + (lane + 0.5) * tall);
    });
  } else {
    // On a narrow window the label lies in its lane.
    context.fillStyle = colours.text;
    series.lanes.forEach(({ label }, lane) => {
      context.fillText(fitted(context, label, width / 2), 2, MARKERS + SCORES + lane * tall + 7);
    });
  }
}

function background(context: CanvasRenderingContext2D, drawing: Drawing, bottom: number): void {
  const { spans, stretch, band, width, labels, colours } = drawing;
  const x = (time: number): number => xOf(stretch, width - labels, time);
  const over = (from: number, to: number): [number, number, number, number] => {
    return [x(from), MARKERS, Math.max(1, x(to) - x(from)), bottom - MARKERS];
  };
  // A band of hours in a chart of months is a grey veil that says nothing.
  if (band && stretch.to - stretch.from <= 45 * 86_400) {
    context.fillStyle = colours['band-usual'];
    for (const { from, to } of bandStretches(band, stretch.from, stretch.to)) context.fillRect(...over(from, to));
  }
  // What belongs to an alert stands before a ground of its own, however short it was.
  context.fillStyle = colours['high-ground'];
  for (const { from, to } of drawing.series.incidents) {
    const [left, top, wide, high] = over(from, to);
    context.fillRect(left, top, Math.max(LEAST_ALERT, wide), high);
  }
  context.fillStyle = colours['no-data'];
  for (const { from, to } of spans.gaps) context.fillRect(...over(from, Math.min(to ?? stretch.to, stretch.to)));
  for (const { from, to } of spans.pauses) hatch(context, over(from, to), colours['line-strong']);
}

function hatch(context: CanvasRenderingContext2D, area: [number, number, number, number], colour: string): void {
  const [left, top, width, height] = area;
  context.save();
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
  context.strokeStyle = colour;
  context.lineWidth = 0.7;
  context.beginPath();
  for (let at = Math.max(left, 0) - height; at < Math.min(left + width, context.canvas.width); at += 7) {
    context.moveTo(at, top + height);
    context.lineTo(at + height, top);
  }
  context.stroke();
  context.restore();
}

function axis(
  context: CanvasRenderingContext2D,
  { stretch, width, labels, colours, write }: Drawing,
  height: number,
): void {
  const plot = width - labels;
  context.textAlign = 'center';
  for (const { time, style } of ticksOf(stretch, plot / 76)) {
    const x = Math.round(xOf(stretch, plot, time)) + 0.5;
    context.fillStyle = style === 'day' ? colours['line-strong'] : colours.line;
    context.fillRect(x, MARKERS, 1, height - AXIS - MARKERS);
    context.fillStyle = style === 'day' ? colours.text : colours['text-quiet'];
    const text = write(time, style);
    const half = context.measureText(text).width / 2;
    context.fillText(text, Math.max(half, Math.min(plot - half, x)), height - AXIS / 2);
  }
  context.textAlign = 'left';
}

function scores(context: CanvasRenderingContext2D, { series, stretch, width, labels, colours }: Drawing): void {
  const plot = width - labels;
  const { alarm, bucketSeconds } = series;
  const most = Math.max(LEAST_SCALE, (alarm ?? 0) * 1.3, ...series.scores.map(({ peak }) => peak));
  const bottom = MARKERS + SCORES - 6;
  const y = (z: number): number => bottom - (Math.max(0, z) / most) * (SCORES - 14);
  const size = Math.max(1.5, (bucketSeconds / (stretch.to - stretch.from)) * plot - 0.5);
  for (const { bucket, peak } of series.scores) {
    const x = xOf(stretch, plot, series.start + bucket * bucketSeconds);
    context.fillStyle = alarm !== null && peak >= alarm ? colours.high : colours.mark;
    context.fillRect(x, y(peak), size, bottom - y(peak) + 1);
  }
  context.fillStyle = colours.line;
  context.fillRect(0, bottom + 1, plot, 1);
  if (alarm === null) return;
  context.strokeStyle = colours.high;
  context.setLineDash([4, 3]);
  context.beginPath();
  context.moveTo(0, y(alarm));
  context.lineTo(plot, y(alarm));
  context.stroke();
  context.setLineDash([]);
}

function lanes(context: CanvasRenderingContext2D, { series, stretch, width, labels, colours }: Drawing): void {
  const plot = width - labels;
  const { start, bucketSeconds } = series;
  const size = Math.max(1.5, (bucketSeconds / (stretch.to - stretch.from)) * plot - 0.5);
  const room = laneOf(series.lanes.length);
  series.lanes.forEach(({ marks }, lane) => {
    const top = MARKERS + SCORES + lane * room;
    const most = Math.max(1, ...marks.map(({ count }) => count));
    context.fillStyle = colours.line;
    context.fillRect(0, top + room - 1, plot, 1);
    context.fillStyle = colours.mark;
    for (const { bucket, count } of marks) {
      const tall = 4 + (room - 12) * Math.sqrt(count / most);
      context.fillRect(xOf(stretch, plot, start + bucket * bucketSeconds), top + room - 2 - tall, size, tall);
    }
  });
}

function fitted(context: CanvasRenderingContext2D, label: string, width: number): string {
  const text = seenText(label);
  if (context.measureText(text).width <= width) return text;
  let end = text.length - 1;
  while (end > 1 && context.measureText(`${text.slice(0, end)}…`).width > width) end--;
  return `${text.slice(0, end)}…`;
}
