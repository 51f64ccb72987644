/** `npm run graph`: who imports whom, room by room, in docs/rooms.dot. Graphviz draws it: `dot -T svg docs/rooms.dot`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { graphOf } from './graph/rooms.ts';

const root = join(import.meta.dirname, '..');
writeFileSync(join(root, 'docs', 'rooms.dot'), await graphOf(root));
