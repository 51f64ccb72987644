import { join } from 'node:path';

/** The sizes in pixels that tray icons are drawn in: scripts/make-icons.mjs draws them. */
const sizes = [22, 24, 32, 48] as const;
/** What a panel of one pixel a point shows. */
const POINTS = 22;

/** The icon's file for a screen. @param scale pixels a point; @param variant light ones are for dark panels */
export function iconFileOf(folder: string, icon: string, variant: 'light' | 'dark', scale: number): string {
  const size = sizes.find((pixels) => pixels >= Math.floor(POINTS * scale)) ?? sizes.at(-1)!;
  return join(folder, 'tray', `${icon}-${variant}-${size}.png`);
}
