import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as v from 'valibot';

import {
  aboutLeaving,
  BLOCKS_KEPT,
  leavingBlock,
  LEAVING_FOLDER,
  type AboutLeaving,
  type Leaving,
} from '../contract/leaving.ts';

/** What is sent where; undefined: nothing is. @param folder another one in tests */
export function aboutOf(folder = LEAVING_FOLDER): AboutLeaving | undefined {
  const about = v.safeParse(aboutLeaving, jsonIn(join(folder, 'about.json')));
  return about.success ? about.output : undefined;
}

/** What leaves this machine for a fleet, as `ubad fleet forward` keeps it. @param folder another one in tests */
export function readLeaving(folder = LEAVING_FOLDER): Leaving {
  const about = aboutOf(folder);
  if (!about) return { state: 'nothing' };
  let names: string[];
  try {
    names = readdirSync(join(folder, 'blocks')).filter((name) => /^\d+\.json$/.test(name));
  } catch {
    return { state: 'fleet', about, blocks: 'unreadable' };
  }
  const blocks = names
    .map((name) => v.safeParse(leavingBlock, jsonIn(join(folder, 'blocks', name))))
    .flatMap((parsed) => (parsed.success ? [parsed.output] : []))
    .sort((a, b) => b.n - a.n)
    .slice(0, BLOCKS_KEPT);
  return {
    state: 'fleet',
    about,
    blocks: names.length > 0 && blocks.length === 0 ? 'unreadable' : blocks,
  };
}

/** Undefined for what cannot be read. */
function jsonIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
