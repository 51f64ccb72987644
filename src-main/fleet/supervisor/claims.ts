/** A worker that renews its lease. */
export interface LiveWorker {
  readonly id: string;
  /** It gives everything away and takes nothing. */
  readonly draining: boolean;
}

/** Who has a partition, as far as is known. */
export interface Owner {
  /** Null: nobody. */
  readonly owner: string | null;
}

export interface Claims {
  readonly claim: readonly number[];
  readonly release: readonly number[];
}

/**
 * What a worker claims and gives away next, so that each has its fair share: at least ⌊P/n⌋, at most ⌈P/n⌉. A partition is free
 * when nobody has it or its owner is gone. It is given away only when somebody else has too few, one at a time.
 * @param live all workers, this one among them
 * @param owners by partition 0…P−1
 * @param me this worker's id
 */
export function claimsOf(live: readonly LiveWorker[], owners: readonly Owner[], me: string): Claims {
  const alive = new Set(live.map(({ id }) => id));
  const counts = new Map(live.filter(({ draining }) => !draining).map(({ id }) => [id, 0]));
  for (const { owner } of owners) if (owner !== null && counts.has(owner)) counts.set(owner, counts.get(owner)! + 1);
  const mine = owners.flatMap(({ owner }, p) => (owner === me ? [p] : []));
  if (!counts.has(me)) return { claim: [], release: mine };
  const most = Math.ceil(owners.length / counts.size);
  const least = Math.floor(owners.length / counts.size);
  const free = owners.flatMap(({ owner }, p) => (owner === null || !alive.has(owner) ? [p] : []));
  // What others need to have enough is left to them: else it would be claimed again by whoever just gave it away.
  const needed = [...counts].reduce((sum, [id, count]) => sum + (id === me ? 0 : Math.max(0, least - count)), 0);
  const own = Math.max(0, least - mine.length);
  const more = Math.min(most - Math.max(mine.length, least), free.length - own - needed);
  const room = own + Math.max(0, more);
  // Each begins elsewhere, so that two seldom want the same one.
  const claim = turned(free, [...counts.keys()].sort().indexOf(me), counts.size).slice(0, room);
  const isOver = mine.length > most || (mine.length > least && needed > 0 && free.length === 0);
  return { claim, release: isOver ? mine.slice(-1) : [] };
}

/** The same list from another place on. */
function turned(list: readonly number[], part: number, parts: number): number[] {
  const from = Math.floor((list.length * part) / parts);
  return [...list.slice(from), ...list.slice(0, from)];
}
