import { lookAtSplit, splitFleet, type SplitLook } from '../../fleet/split/split.ts';
import { numbered } from '../../fleet/wire/subjects.ts';
import { exitCodes, Failure } from '../failure.ts';
import { say } from '../output.ts';
import { sayerOf } from './sayer.ts';
import { connected, type FleetOptions } from './shared.ts';

export interface SplitOptions extends FleetOptions {
  readonly to?: string;
}

/** `ubad fleet split`: twice as many partitions, while everything runs. Without `--to` it tells what it would do. */
export async function split(options: SplitOptions): Promise<void> {
  await connected(options, 'split', async (nc, subjects, { servers }) => {
    const { signal } = new AbortController();
    const parts = { nc, subjects, signal };
    const look = await lookAtSplit(parts);
    const { partitions, to, hosts, moving, isUnderWay } = look;
    // Whoever says it again after it was done is not to split once more.
    if (options.to !== undefined && Number(options.to) === partitions && !isUnderWay) {
      say(`The fleet has ${partitions} partitions already: nothing to do.`);
      return;
    }
    if (options.to !== undefined && Number(options.to) !== to)
      throw new Failure(
        `--to «${options.to}»: ${partitions} partitions become ${to}, twice as many. Nothing was changed.`,
        exitCodes.usage,
      );
    say(
      isUnderWay
        ? `A split from ${partitions} to ${to} partitions is under way: this goes on with it.`
        : `${partitions} partitions become ${to}: of ${hosts} hosts ${moving} move to a new one, with all that was learned of them.`,
    );
    mayBegin(look);
    if (options.to === undefined) {
      say(`Nothing was changed. Do it with: ubad fleet split --to ${to}`);
      return;
    }
    const begun = performance.now();
    const moved = await splitFleet({ ...parts, by: sayerOf(), onWaiting: say });
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    say(
      `The fleet has ${to} partitions, after ${seconds} s; ${moved} hosts go on in a new one. Nothing was lost or read twice.`,
    );
    say(`Set partitions to ${to} in every fleet.json: where ${servers.join(', ')} are made again, it counts.`);
  });

  /** @throws Failure where it would not come to an end */
  function mayBegin({ to, alone, isUnderWay }: SplitLook): void {
    if (isUnderWay) return;
    if (to > 4096) throw new Failure('A fleet has 4096 partitions at most: nothing was changed.');
    if (alone.length > 0)
      throw new Failure(
        `Nobody works on ${alone.length} partitions (${alone.slice(0, 5).map(numbered).join(', ')}${alone.length > 5 ? ' …' : ''}), and each has to read up to the split. Start a worker first: ubad fleet worker. Nothing was changed.`,
      );
  }
}
