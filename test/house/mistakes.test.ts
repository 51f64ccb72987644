import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

import { mistakesOfAlerts } from '../desktop/app/mistakes/of-alerts.ts';
import { mistakesOfLife } from '../desktop/app/mistakes/of-life.ts';

const root = join(import.meta.dirname, '..', '..');
/** The desktop suite takes minutes to say so; a renamed file or name is seen here at once. */
it.each([...mistakesOfAlerts, ...mistakesOfLife])('the mistake «$name» can be made', ({ file, from }) => {
  expect(readFileSync(join(root, file), 'utf8').split(from)).toHaveLength(2);
});
