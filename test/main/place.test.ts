import fc from 'fast-check';
import { expect, it } from 'vitest';

import { iconFileOf } from '../../src-main/desktop/icon-file.ts';
import { placeOn, sizeOn, type Place } from '../../src-main/desktop/place.ts';
import { trayIcons } from '../../src-main/desktop/tray-state.ts';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodePng } from '../desktop/host/png.ts';
import { icons } from '../../scripts/make-icons.mjs';

const screen = { x: 0, y: 30, width: 1920, height: 1050 };
const second = { x: 1920, y: 0, width: 1280, height: 800 };
const numbers = fc.integer({ min: -5000, max: 5000 });
const places: fc.Arbitrary<Place> = fc.record({ x: numbers, y: numbers, width: numbers, height: numbers });

it('a window comes back where it was', () => {
  const place = { x: 2000, y: 100, width: 800, height: 600 };
  expect(placeOn(place, [screen, second])).toEqual(place);
});

it('… but not on a screen that is gone', () => {
  expect(placeOn({ x: 2000, y: 100, width: 800, height: 600 }, [screen])).toBeUndefined();
  expect(placeOn(null, [screen])).toBeUndefined();
  expect(placeOn({ x: NaN, y: 0, width: 800, height: 600 }, [screen])).toBeUndefined();
});

it('a window can always be taken hold of', () => {
  fc.assert(
    fc.property(places, (remembered) => {
      const place = placeOn(remembered, [screen, second]);
      if (!place) return;
      const on = [screen, second].some(
        (area) =>
          place.x + place.width > area.x &&
          place.x < area.x + area.width &&
          place.y >= area.y &&
          place.y < area.y + area.height,
      );
      expect(on).toBe(true);
      expect(Math.min(place.width, place.height)).toBeGreaterThanOrEqual(360);
    }),
  );
});

it('a window begins no larger than a small screen shows, with what the desktop puts around it', () => {
  const wanted = { width: 1100, height: 760 };
  expect(sizeOn(wanted, screen)).toEqual(wanted);
  expect(sizeOn(wanted, { x: 0, y: 30, width: 1366, height: 738 })).toEqual({ width: 1100, height: 690 });
  expect(sizeOn(wanted, { x: 0, y: 30, width: 1024, height: 570 })).toEqual({ width: 1008, height: 522 });
  expect(sizeOn(wanted, { x: 0, y: 0, width: 320, height: 200 })).toEqual({ width: 480, height: 360 });
  expect(sizeOn(wanted, undefined)).toEqual(wanted);
});

const built = join(import.meta.dirname, '..', '..', 'build', 'icons');
const drawn = icons();

it('there is an icon for every state, on every panel and screen', () => {
  for (const icon of trayIcons) {
    for (const variant of ['light', 'dark'] as const) {
      for (const scale of [0.5, 1, 1.1, 1.25, 1.5, 2, 3])
        expect(existsSync(iconFileOf(built, icon, variant, scale))).toBe(true);
    }
  }
  expect(iconFileOf('i', 'alert', 'dark', 1)).toBe(join('i', 'tray', 'alert-dark-22.png'));
  expect(iconFileOf('i', 'alert', 'dark', 2)).toBe(join('i', 'tray', 'alert-dark-48.png'));
});

it('the icons are those that scripts/make-icons.mjs draws', () => {
  for (const [name, png] of drawn) expect(readFileSync(join(built, name)).equals(png), name).toBe(true);
});

it('no two states look alike, even without colour', () => {
  const shapeOf = (icon: string): string => {
    const { rgba } = decodePng(drawn.get(`tray/${icon}-light-22.png`)!);
    return Buffer.from(rgba.filter((_, at) => at % 4 === 3)).toString('base64');
  };
  expect(new Set(trayIcons.map(shapeOf)).size).toBe(trayIcons.length);
});
