/** Commands of the documents that take minutes, each in a home of its own and on a smaller example. */
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { carryOut, MINUTES } from './carry-out.ts';
import { Checkout } from './checkout.ts';
import { documentsOf, fencesOf } from './fences.ts';

const project = join(import.meta.dirname, '..', '..');
const fences = documentsOf(project)
  .flatMap((document) => fencesOf(project, document))
  .filter(({ mark }) => mark === MINUTES);

it('there are some', () => {
  expect(fences).not.toEqual([]);
});

it.each(fences)('$document, line $line: $commands.0', async (fence) => {
  const checkout = new Checkout();
  try {
    checkout.smallExample();
    await carryOut(project, checkout, fence);
  } finally {
    checkout.remove();
  }
});
