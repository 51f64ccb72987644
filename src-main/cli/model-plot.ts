import type { StoryLanguage } from '../contract/story/tell.ts';
import { escaped } from '../engine/report/html.ts';

/** What of a model is drawn: plain numbers. */
export interface Plotted {
  readonly user: string;
  readonly version: number;
  /** Mean loss of each slice of the training, by detector. */
  readonly curves: Readonly<Record<string, readonly number[]>>;
  /** The same of actions that trainings like it left out. */
  readonly heldOutCurves: Readonly<Record<string, readonly number[]>>;
  /** z of the strangest moment of each stretch that was held out. */
  readonly maxima: readonly number[];
  /** z from which a window alarms. */
  readonly alarm: number;
}

interface Texts {
  readonly title: (user: string, version: number) => string;
  readonly curve: (detector: string) => string;
  readonly heldOut: string;
  readonly maxima: (count: number) => string;
  readonly alarm: (z: string) => string;
  readonly none: string;
}

const texts: Readonly<Record<StoryLanguage, Texts>> = {
  en: {
    title: (user: string, version: number) => `${user}, model ${version}`,
    curve: (detector: string) => `Training, ${detector}: mean loss by slice`,
    heldOut: 'dashed: of actions that were held out',
    maxima: (count: number) => `Strangest moment of each of ${count} stretches held out, z`,
    alarm: (z: string) => `alarms from ${z}`,
    none: 'Nothing was kept of this training.',
  },
  de: {
    title: (user: string, version: number) => `${user}, Modell ${version}`,
    curve: (detector: string) => `Training, ${detector}: mittlerer Verlust je Abschnitt`,
    heldOut: 'gestrichelt: bei zurückgehaltenen Handlungen',
    maxima: (count: number) => `Ungewöhnlichster Moment in jedem von ${count} zurückgehaltenen Abschnitten, z`,
    alarm: (z: string) => `Alarm ab ${z}`,
    none: 'Von diesem Training ist nichts aufgehoben.',
  },
};

const [WIDTH, PANEL, LEFT, TOP, GAP] = [720, 180, 60, 50, 60];
const short = (value: number): string => value.toFixed(2);

/** A picture of how a model was trained and what of the user's normal it did not know, as one SVG file that needs nothing. */
export function plotOf(model: Plotted, language: StoryLanguage): string {
  const told = texts[language];
  const panels = [
    ...Object.entries(model.curves)
      .filter(([, losses]) => losses.length > 1)
      .map(
        ([detector, losses]) =>
          (top: number) =>
            curvePanel(top, told, detector, losses, model.heldOutCurves[detector] ?? []),
      ),
    ...(model.maxima.length > 0
      ? [(top: number) => panel(top, told.maxima(model.maxima.length), dotsOf(model, told.alarm), shownOf(model))]
      : []),
  ];
  const height = TOP + Math.max(1, panels.length) * (PANEL + GAP);
  const body = panels.map((draw, p) => draw(TOP + p * (PANEL + GAP) + 20));
  const title = escaped(told.title(model.user, model.version));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="sans-serif" font-size="13">
<title>${title}</title>
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="${LEFT}" y="28" font-size="17" font-weight="bold">${title}</text>
${body.length > 0 ? body.join('\n') : `<text x="${LEFT}" y="${TOP + 30}">${told.none}</text>`}
</svg>
`;
}

function curvePanel(
  top: number,
  told: Texts,
  detector: string,
  losses: readonly number[],
  heldOut: readonly number[],
): string {
  if (heldOut.length < 2) return panel(top, told.curve(detector), lineOf(losses), losses);
  const draw: Draw = (y) => `${lineOf(losses)(y)}\n${lineOf(heldOut, ' stroke-dasharray="6 4"')(y)}`;
  return panel(top, `${told.curve(detector)}; ${told.heldOut}`, draw, [...losses, ...heldOut]);
}

type Draw = (y: (value: number) => number) => string;

/** A frame with its heading and the least and greatest number beside it. */
function panel(top: number, heading: string, draw: Draw, values: readonly number[]): string {
  const least = Math.min(...values);
  const range = Math.max(...values) - least || 1;
  const y = (value: number): number => top + PANEL - ((value - least) / range) * PANEL;
  const mark = (value: number): string =>
    `<text x="${LEFT - 8}" y="${short(y(value) + 4)}" text-anchor="end">${short(value)}</text>`;
  return `<text x="${LEFT}" y="${top - 8}">${escaped(heading)}</text>
<rect x="${LEFT}" y="${top}" width="${WIDTH - 2 * LEFT}" height="${PANEL}" fill="none" stroke="#888888"/>
${mark(least)}${mark(least + range)}
${draw(y)}`;
}

const placed = (at: number, count: number): number => LEFT + (at / Math.max(1, count - 1)) * (WIDTH - 2 * LEFT);

const lineOf =
  (values: readonly number[], dashes = ''): Draw =>
  (y) =>
    `<polyline fill="none" stroke="#1f5fa8" stroke-width="2"${dashes} points="${values
      .map((value, v) => `${short(placed(v, values.length))},${short(y(value))}`)
      .join(' ')}"/>`;

/** The axis shows the line too. */
const shownOf = ({ maxima, alarm }: Plotted): number[] => [...maxima, alarm];

const dotsOf =
  ({ maxima, alarm }: Plotted, told: (z: string) => string): Draw =>
  (y) => {
    const dots = maxima.map(
      (z, m) =>
        `<circle cx="${short(placed(m, maxima.length))}" cy="${short(y(z))}" r="2.5" fill="${z >= alarm ? '#b3261e' : '#1f5fa8'}"/>`,
    );
    return `${dots.join('')}
<line x1="${LEFT}" x2="${WIDTH - LEFT}" y1="${short(y(alarm))}" y2="${short(y(alarm))}" stroke="#b3261e" stroke-dasharray="6 4"/>
<text x="${WIDTH - LEFT}" y="${short(y(alarm) - 6)}" text-anchor="end" fill="#b3261e" stroke="#ffffff" stroke-width="4" paint-order="stroke">${told(short(alarm))}</text>`;
  };
