/** Where a window is on the desktop, in its pixels. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A place, and whether the window filled its screen when it was closed: then the place is where it would be otherwise. */
export interface RememberedPlace extends Place {
  readonly maximized: boolean;
}

const LEAST = { width: 480, height: 360 };
/** So much of a window must be on a screen to be taken hold of. */
const GRIP = 64;

/** The remembered place where it can still be reached: its screen may be gone. Undefined: the desktop finds one. */
export function placeOn(remembered: Place | null, screens: readonly Place[]): Place | undefined {
  if (!remembered) return undefined;
  const { x, y } = remembered;
  if (![x, y, remembered.width, remembered.height].every((value) => Number.isFinite(value))) return undefined;
  for (const area of screens) {
    const width = Math.min(Math.max(remembered.width, LEAST.width), area.width);
    const height = Math.min(Math.max(remembered.height, LEAST.height), area.height);
    const isAcross = x + width >= area.x + GRIP && x <= area.x + area.width - GRIP;
    if (isAcross && y >= area.y && y <= area.y + area.height - GRIP) return { x, y, width, height };
  }
  return undefined;
}

/** What a desktop may put around a window, and no program is told before the window is there. */
const FRAME = { width: 16, height: 48 };

/** How large a window begins: as is wanted, but no larger than a screen shows of it, for its lower edge has buttons. */
export function sizeOn(
  wanted: Pick<Place, 'width' | 'height'>,
  area: Place | undefined,
): Pick<Place, 'width' | 'height'> {
  if (!area) return wanted;
  const within = (side: 'width' | 'height'): number =>
    Math.max(LEAST[side], Math.min(wanted[side], area[side] - FRAME[side]));
  return { width: within('width'), height: within('height') };
}
