import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';

import { rawOneClass } from '../../models/original/one-class.ts';
import { regressionErrors } from '../../models/original/regression.ts';
import { IdVectors, windowMeans, WIDTH } from '../../models/original/vectors.ts';
import { random } from '../../models/random.ts';
import { loadTensorFlow } from '../../src-main/math/tensorflow.ts';

describe('id vectors', () => {
  it('number texts as they come, each place by itself', () => {
    const vectors = new IdVectors();
    const row = (query: string, columns: Record<string, string>) =>
      vectors.of({ query, change: 'added', time: 0, columns });
    expect(row('a', { x: 'one', y: 'two' })).toEqual([1, 1, 1, 1, 0]);
    expect(row('b', { x: 'two', y: 'two', z: 'p', w: 'ignored' })).toEqual([2, 1, 2, 1, 1]);
    expect(row('a', { x: 'one' })).toEqual([1, 1, 1, 0, 0]);
    expect(row('a', {})).toHaveLength(WIDTH);
  });

  it('means reach over the last values only', () => {
    expect(windowMeans([1, 3, 5, 7], 2)).toEqual([1, 2, 4, 6]);
  });
});

/** Points around a middle, drawn by a seed. */
const around = (middle: number, count: number, seed: number): number[][] => {
  const next = random(seed);
  return Array.from({ length: count }, () => Array.from({ length: WIDTH }, () => middle + next()));
};

it('the One-Class SVM finds far rows outside, half of its own outside as ν .5 wants, and takes no more than it has room for', () => {
  const past = around(5, 5000, 1);
  const own = rawOneClass(past, around(5, 400, 2));
  expect(own.filter((score) => score > 0).length / 400).toBeGreaterThan(0.4);
  expect(own.filter((score) => score > 0).length / 400).toBeLessThan(0.6);
  expect(Math.min(...rawOneClass(past, around(9, 50, 3)))).toBeGreaterThan(Math.max(...own));
});

it('the One-Class SVM takes the parameters of somebody’s settings', () => {
  const [past, own] = [around(5, 1000, 1), around(5, 400, 2)];
  const outside = (parameters: Parameters<typeof rawOneClass>[2]): number =>
    rawOneClass(past, own, parameters).filter((score) => score > 0).length / 400;
  expect(outside({ nu: 0.1 })).toBeLessThan(0.2);
  expect(outside({ nu: 0.1, gamma: 50 })).toBeGreaterThan(outside({ nu: 0.1 }));
  // A line through the origin's side: smaller rows lie outside it.
  const linear = rawOneClass(past.slice(0, 200), [...own, ...around(1, 50, 3)], { nu: 0.1, kernel: 'linear' });
  expect(Math.min(...linear.slice(400))).toBeGreaterThan(Math.max(...linear.slice(0, 400)));
});

it('the LSTM learns what rows are like, is surprised by another one, and repeats to the bit', async () => {
  await loadTensorFlow(['wasm']);
  const rows = (count: number): number[][] => Array.from({ length: count }, (_, i) => [4, 1, 2, 1 + (i % 2), 3]);
  const test = rows(60).map((row, r) => (r === 40 ? [1, 1, 9, 1, 1] : row));
  const errors = await regressionErrors(tf, rows(601), test, 3);
  expect(errors).toHaveLength(60);
  expect(errors[0]).toBe(0);
  const calm = errors.slice(10, 40);
  expect(errors[40]).toBeGreaterThan(3 * (calm.reduce((sum, error) => sum + error, 0) / calm.length));
  expect(await regressionErrors(tf, rows(601), test, 3)).toEqual(errors);
  const smaller = await regressionErrors(tf, rows(601), test, 3, { hidden: 8, epochs: 2, batch: 2, dropout: 0.2 });
  expect(smaller).toHaveLength(60);
  expect(smaller).not.toEqual(errors);
});
