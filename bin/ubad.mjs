#!/usr/bin/env node
/**
 * `ubad`: the built program where it is made of the present sources, else the sources themselves (Node 24 strips their types).
 * Under an older Node it starts again under the pinned one.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { builtProgram, isBuildFresh } from '../scripts/bootstrap/build-stamp.mjs';
import { howToGetNode, pinnedNode, runInPlace, runsOnNeededNode } from '../scripts/bootstrap/pinned-node.mjs';

const self = fileURLToPath(import.meta.url);
const root = dirname(dirname(self));

if (!existsSync(join(root, 'node_modules'))) {
  console.error(`ubad's packages are not installed: run "npm ci" in ${root} and try again.`);
  process.exitCode = 1;
} else if (runsOnNeededNode()) {
  const entry = isBuildFresh(root) ? builtProgram(root) : join(root, 'src-main', 'cli.ts');
  await import(pathToFileURL(entry).href);
} else {
  const node = pinnedNode(root);
  if (node === undefined) console.error(howToGetNode());
  process.exitCode = node === undefined ? 1 : await runInPlace(node, [self, ...process.argv.slice(2)]);
}
