import type { TreeNode } from '../../contract/find.ts';
import { baseOf } from '../../../models/facts/place.ts';
import { valueAt } from '../narrative/act.ts';
import type { StoredAction } from '../store/actions.ts';

/** How many programs are told of, and how many parents above one. */
const [MOST, HIGHEST] = [60, 8];

/** A start of a program as its row tells it. */
interface Start {
  readonly id: number;
  readonly pid: string;
  readonly parent: string;
  readonly parentName: string | undefined;
  readonly name: string;
  readonly time: number;
}

interface Branch {
  readonly start: Start;
  readonly children: Branch[];
}

/**
 * Who started whom, as far as process numbers tell: the alert's own programs, what is above them and what they started. A number
 * is used again after a while, so that a parent is the latest start with that number before its child.
 * @param rows starts of programs of one host, newest first, the alert's own among them
 * @param own ids of the alert's own
 */
export function treeOf(rows: readonly StoredAction[], own: ReadonlySet<number>): TreeNode[] {
  const starts = rows.flatMap((row) => startOf(row) ?? []);
  const byPid = Map.groupBy(starts, ({ pid }) => pid);
  const above = new Map<number, Start>();
  for (const child of starts) {
    const parent = byPid
      .get(child.parent)
      ?.filter(({ id, time }) => id !== child.id && time <= child.time)
      .reduce<Start | undefined>((a, b) => (a && a.time >= b.time ? a : b), undefined);
    if (parent && !isAbove(child, parent, above)) above.set(child.id, parent);
  }
  const parentOf = (child: Start): Start | undefined => above.get(child.id);
  const chosen = new Map<number, Start>();
  for (const start of starts) {
    const isOwn = own.has(start.id);
    if (!isOwn && !own.has(parentOf(start)?.id ?? NaN)) continue;
    for (let one: Start | undefined = start, up = 0; one && up <= HIGHEST; one = parentOf(one), up++)
      chosen.set(one.id, one);
    if (chosen.size >= MOST) break;
  }
  const branches = new Map<number, Branch>([...chosen].map(([id, start]) => [id, { start, children: [] }]));
  const roots: Branch[] = [];
  for (const branch of [...branches.values()].sort((a, b) => a.start.id - b.start.id)) {
    const above = branches.get(parentOf(branch.start)?.id ?? NaN);
    (above ? above.children : roots).push(branch);
  }
  // Who is known by what children tell alone: those with one number and one name are one.
  const families = Map.groupBy(roots, ({ start: { id, parent, parentName } }) =>
    parentName === undefined ? id : `${parent} ${parentName}`,
  );
  return [...families.values()].flatMap((family) => nodesOf(family, own));
}

/** Whether one stands above another already: within a second a log may name two each other's parent. */
function isAbove(one: Start, other: Start, above: ReadonlyMap<number, Start>): boolean {
  for (let at: Start | undefined = other; at; at = above.get(at.id)) if (at.id === one.id) return true;
  return false;
}

/** Roots of one parent, which is known by what they tell of it. */
function nodesOf(family: readonly Branch[], own: ReadonlySet<number>): TreeNode[] {
  const { parent, parentName } = family[0]!.start;
  const top: TreeNode[] =
    parentName === undefined ? [] : [{ depth: 0, name: parentName, pid: parent, action: null, time: null, own: false }];
  const walk = ({ start, children }: Branch, depth: number): TreeNode[] => [
    { depth, name: start.name, pid: start.pid, action: start.id, time: start.time, own: own.has(start.id) },
    ...children.flatMap((child) => walk(child, depth + 1)),
  ];
  return [...top, ...family.flatMap((root) => walk(root, top.length))];
}

function startOf({ id, action: { columns, time } }: StoredAction): Start | undefined {
  const at = (column: string): string | undefined => valueAt(columns, column);
  const [pid, parent, program] = [at('pid'), at('parent'), at('path') ?? at('name')];
  if (pid === undefined || parent === undefined || program === undefined) return undefined;
  const begun = Number(at('start_time') ?? NaN);
  return {
    id,
    pid,
    parent,
    parentName: at('parent_name'),
    name: program.startsWith('/') ? program : baseOf(program),
    time: Number.isFinite(begun) && begun > 0 ? begun : time,
  };
}
