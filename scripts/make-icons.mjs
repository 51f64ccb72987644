/**
 * `node scripts/make-icons.mjs`: draws the tray's icons and the program's own to build/icons, as PNG files made here: the
 * shapes are few, and a drawing program is a lot to need for them.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32, deflateSync } from 'node:zlib';

const SIZES = [22, 24, 32, 48];
const OWN_SIZES = [16, 32, 48, 64, 128, 256, 512];
/** Each pixel is looked at in this many places along each side: smooth edges. */
const SAMPLES = 4;

/** @typedef {(x: number, y: number) => boolean} Shape inside or not; the drawing is 1 wide and 1 high */
/** @typedef {readonly [red: number, green: number, blue: number]} Colour */

/** @type {(x: number, y: number, cx?: number, cy?: number) => number} */
const distance = (x, y, cx = 0.5, cy = 0.5) => Math.hypot(x - cx, y - cy);
/** @type {(x: number, y: number) => boolean} the lens of two circles */
const eye = (x, y) => distance(x, y, 0.5, 0.84) < 0.56 && distance(x, y, 0.5, 0.16) < 0.56;
/** @type {(x: number, y: number) => boolean} */
const eyeInside = (x, y) => distance(x, y, 0.5, 0.84) < 0.47 && distance(x, y, 0.5, 0.16) < 0.47;
/** @type {Shape} */
const outline = (x, y) => eye(x, y) && !eyeInside(x, y);
/** @type {(x: number, y: number, grow: number) => boolean} a triangle that stands on its side */
const triangle = (x, y, grow) => {
  const top = 0.1 - grow * 1.6;
  return y < 0.9 + grow && y > top && Math.abs(x - 0.5) < ((y - top) / (0.9 + grow - top)) * (0.46 + grow);
};

/** A shape of its own for each state: with the colour gone it still says the same. @type {Record<string, Shape>} */
const shapes = {
  watching: (x, y) => outline(x, y) || distance(x, y) < 0.14,
  // Steps that rise.
  learning: (x, y) => [0, 1, 2].some((n) => Math.abs(x - 0.2 - n * 0.3) < 0.105 && y < 0.88 && y > 0.6 - n * 0.24),
  alert: (x, y) =>
    triangle(x, y, 0) && !(Math.abs(x - 0.5) < 0.055 && y > 0.36 && y < 0.64) && !(distance(x, y, 0.5, 0.76) < 0.065),
  paused: (x, y) => y > 0.16 && y < 0.84 && Math.abs(Math.abs(x - 0.5) - 0.18) < 0.095,
  problem: (x, y) => {
    const [along, across] = [(x - 0.5 + y - 0.5) / Math.SQRT2, (x - y) / Math.SQRT2];
    const ring = distance(x, y) < 0.44 && distance(x, y) > 0.35;
    return ring || (distance(x, y) < 0.4 && (Math.abs(across) < 0.05 || Math.abs(along) < 0.05));
  },
};

/** Each with contrast enough on its kind of panel. @type {Record<string, Record<string, Colour>>} */
const colours = {
  light: {
    watching: [242, 242, 242],
    learning: [130, 190, 255],
    alert: [255, 176, 46],
    paused: [190, 190, 190],
    problem: [255, 120, 120],
  },
  dark: {
    watching: [45, 45, 45],
    learning: [20, 90, 170],
    alert: [176, 84, 0],
    paused: [95, 95, 95],
    problem: [178, 24, 24],
  },
};

/** @typedef {{ readonly shape: Shape, readonly colour: Colour }} Layer */

/** Alerts wait to be looked at: a dot in the corner, for which the shape makes room. */
const SMALLER = 0.8;
/** @type {(shape: Shape) => Shape} */
const beside = (shape) => (x, y) => shape(x / SMALLER, (y - 1 + SMALLER) / SMALLER) && distance(x, y, 0.8, 0.2) > 0.27;
/** @type {Shape} */
const dot = (x, y) => distance(x, y, 0.8, 0.2) < 0.19;

/** @returns {Buffer} a PNG of 8 bits a channel with transparency; no two layers lie on each other */
export function draw(/** @type {readonly Layer[]} */ layers, /** @type {number} */ size) {
  const rows = Buffer.alloc(size * (1 + size * 4));
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      let inside = 0;
      /** @type {[number, number, number]} */
      const sum = [0, 0, 0];
      for (let s = 0; s < SAMPLES * SAMPLES; s++) {
        const [dx, dy] = [(s % SAMPLES) + 0.5, Math.floor(s / SAMPLES) + 0.5];
        const found = layers.find(({ shape }) => shape((x + dx / SAMPLES) / size, (y + dy / SAMPLES) / size));
        if (!found) continue;
        inside++;
        for (const channel of [0, 1, 2]) sum[channel] += found.colour[channel];
      }
      const at = y * (1 + size * 4) + 1 + x * 4;
      const colour = inside === 0 ? layers[0].colour : sum.map((value) => Math.round(value / inside));
      rows.set([...colour, Math.round((255 * inside) / SAMPLES ** 2)], at);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const parts = [chunk('IHDR', header), chunk('IDAT', deflateSync(rows, { level: 9 })), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), ...parts]);
}

function chunk(/** @type {string} */ type, /** @type {Buffer} */ data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** All icons, by file name below build/icons. @returns {Map<string, Buffer>} */
export function icons() {
  const files = new Map();
  for (const [variant, byState] of Object.entries(colours)) {
    for (const [state, colour] of Object.entries(byState)) {
      const plain = [{ shape: shapes[state], colour }];
      const waiting = [
        { shape: beside(shapes[state]), colour },
        { shape: dot, colour: byState.alert },
      ];
      for (const size of SIZES) {
        files.set(`tray/${state}-${variant}-${size}.png`, draw(plain, size));
        files.set(`tray/${state}-waiting-${variant}-${size}.png`, draw(waiting, size));
      }
    }
  }
  // A blue that is seen on light notifications and on dark ones.
  for (const size of OWN_SIZES)
    files.set(`${size}x${size}.png`, draw([{ shape: shapes.watching, colour: [58, 130, 214] }], size));
  return files;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), 'build', 'icons');
  for (const [name, png] of icons()) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), png);
  }
}
