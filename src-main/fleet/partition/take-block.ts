import type { Checkpoint } from '../../contract/batch.ts';
import type { Engine } from '../../engine/engine.ts';
import { StoreBroken, StoreFull } from '../../engine/store/problem.ts';
import { TrainingStopped } from '../../training/train-in-thread.ts';
import { FleetProblem } from '../failure.ts';
import { FROM_ALERTS, headers, read, sayMessage } from '../wire/messages.ts';
import { isMirrored } from '../wire/mirrored.ts';
import { isMeant } from '../wire/forgotten.ts';
import { lastToken, numbered, SAY } from '../wire/subjects.ts';
import { readBlock, type Block, type BlockRefusal } from '../wire/blocks.ts';
import type { Source } from './source.ts';
import { applyMark } from './apply-mark.ts';
import { keepHosts } from './divide.ts';
import { answerMirrored, handOn, toldIn } from './hand-on.ts';

/** The time of the block that is being taken: the engine's only clock. */
export interface BlockClock {
  /** Unix seconds. */
  now: number;
}

export interface TakerOptions {
  readonly keepDays: number;
  readonly onRefused?: (why: BlockRefusal, seq: number) => void;
  readonly onLost?: (host: string, lines: number) => void;
}

/** What is too old is deleted with blocks whose sequence divides by this: no count that a restart forgets. */
const PRUNE_EVERY = 50;
/** Actions of each user that stay, however old. */
const KEPT = 20_000;

/**
 * Takes blocks into the engine, one transaction a block. What is stored depends on the blocks alone: not on when they are read, by
 * whom, or how often the reading began again.
 */
export class BlockTaker {
  readonly #engine: Engine;
  readonly #clock: BlockClock;
  readonly #source: Source;
  readonly #options: TakerOptions;
  readonly #base: string;
  #position: number;
  /** What lies on the disk is not what the engine remembers any more: it has to be opened again. */
  #isStale = false;
  /** Whether what follows the last block is done. */
  #isFinished = false;

  /** @throws FleetProblem when what is stored was read from another stream */
  constructor(engine: Engine, clock: BlockClock, source: Source, options: TakerOptions) {
    this.#engine = engine;
    this.#clock = clock;
    this.#source = source;
    this.#options = options;
    this.#base = `nats:/${source.stream}/${numbered(source.partition)}`;
    const own = engine.store.checkpoints.list().map(({ checkpoint }) => checkpoint);
    mustBeOf(own, source, this.#base);
    const last = own.reduce<Checkpoint | undefined>(
      (one, other) => (other.offset > (one?.offset ?? 0) ? other : one),
      undefined,
    );
    this.#position = last?.offset ?? 0;
    clock.now = (last?.mtimeMs ?? 0) / 1000;
  }

  /** Sequence of the last block that was taken; 0 before the first. */
  get position(): number {
    return this.#position;
  }

  /** Whether the engine has to be opened again before the next block: part of what it knew was deleted. */
  get isStale(): boolean {
    return this.#isStale;
  }

  /** When the server stored it, Unix seconds; 0 before the first. */
  get time(): number {
    return this.#clock.now;
  }

  /**
   * Takes the next block; one that was taken before is passed over.
   * @returns how many lines it held
   * @throws StoreFull or StoreBroken: the same block is to be given again
   */
  async take(block: Block): Promise<number> {
    // What follows the block before may have failed, or a kill came between.
    if (!this.#isFinished) await this.finish();
    // It is told to stop, and what is due has to be done first.
    if (!this.#isFinished || block.seq <= this.#position) return 0;
    const before = this.#clock.now;
    this.#clock.now = block.time;
    try {
      const lines = this.#store(block);
      this.#position = block.seq;
      this.#isFinished = false;
      await this.finish();
      return lines;
    } catch (error) {
      if (this.#position < block.seq) this.#clock.now = before;
      throw error;
    }
  }

  /**
   * Does what comes after a block and apart from it: begins trainings and takes models into use, and deletes what is too old. May be done
   * again, and has to be where a training that is due was stopped: no block is taken before.
   */
  async finish(): Promise<void> {
    if (this.#position > 0) {
      try {
        await this.#engine.trainDue();
      } catch (error) {
        if (error instanceof TrainingStopped) return;
        throw error;
      }
      this.#prune();
    }
    this.#isFinished = true;
  }

  #store(block: Block): number {
    if (lastToken(block.subject) === SAY) return this.#say(block);
    const found = readBlock(block);
    if (!found.ok) return this.#refuse(block, found.why);
    const { host, token, lines, first } = found;
    const path = `${this.#base}/${token}`;
    const known = this.#engine.store.checkpoints.of(path)?.checkpoint.line ?? 0;
    const begin = Math.max(first ?? 0, known + 1);
    if (begin > known + 1) this.#lose(path, host, block, begin - known - 1, begin - 1);
    const checkpoint = this.#checkpoint(path, block, begin + lines.length - 1);
    if (block.header(headers.from) === FROM_ALERTS) return this.#handOn(block, host, lines, checkpoint);
    const batch = { lines: lines.map((text, l) => ({ number: begin + l, text })), refused: [], checkpoint, host };
    // Twice: what failed by chance goes well now, and what fails again must not stop everybody else's lines.
    for (let tries = 1; ; tries++) {
      try {
        this.#engine.ingest(batch);
        return lines.length;
      } catch (error) {
        if (error instanceof StoreFull || error instanceof StoreBroken) throw error;
        if (tries === 2) return this.#refuse(block, 'failed');
      }
    }
  }

  /** What a machine told of itself: no lines to be judged, but alerts to be told. */
  #handOn(block: Block, host: string, lines: readonly string[], checkpoint: Checkpoint): number {
    const { store } = this.#engine;
    const told = toldIn(lines);
    if (!told) return this.#refuse(block, 'bad-alert');
    store.transaction(() => {
      handOn(store, host, told, block);
      const readerState = store.checkpoints.of(checkpoint.path)?.readerState ?? null;
      store.checkpoints.put({ checkpoint, readerState });
    });
    return lines.length;
  }

  /** What a person said: applied at its place among the lines, and told back. */
  #say(block: Block): number {
    const { store } = this.#engine;
    const message = read(sayMessage, Buffer.from(block.body).toString('utf8'));
    if (!message) return this.#refuse(block, 'bad-say');
    const checkpoint = this.#checkpoint(this.#base, block, 0);
    if (message.call === 'forget') {
      this.#forget(block, message.user, checkpoint);
      return 0;
    }
    if (message.call === 'split') {
      store.transaction(() => {
        keepHosts(store, this.#source.partition, message.to);
        store.checkpoints.put({ checkpoint, readerState: null });
      });
      this.#isStale = true;
      return 0;
    }
    if (isMirrored(message.incident)) {
      const isKnown = store.transaction(() => {
        store.checkpoints.put({ checkpoint, readerState: null });
        return answerMirrored(store, message, block);
      });
      return isKnown ? 0 : this.#refuse(block, 'no-alert');
    }
    const incident = store.incidents.byId(message.incident);
    if (!incident) return this.#refuse(block, 'no-alert');
    store.transaction(() => {
      applyMark(store, incident, message, block);
      store.checkpoints.put({ checkpoint, readerState: null });
    });
    return 0;
  }

  /** Deletes all of a user, so that nothing of it stays in the file; where that was is kept, by which snapshots before it are known. */
  #forget(block: Block, user: string, checkpoint: Checkpoint): void {
    const { store } = this.#engine;
    const ids = store.subjects.list().flatMap(({ id, name }) => (isMeant(name, user) ? [id] : []));
    store.overwriting(() => {
      store.transaction(() => {
        for (const id of ids) store.forget.subject(id);
        store.checkpoints.put({ checkpoint, readerState: null });
        const mark = { ...this.#checkpoint(this.#forgottenPath, block, 0) };
        store.checkpoints.put({ checkpoint: mark, readerState: null });
      });
    });
    this.#isStale = true;
  }

  /** Sequence of the last block after which somebody was forgotten; 0: none was. */
  get forgotAt(): number {
    return this.#engine.store.checkpoints.of(this.#forgottenPath)?.checkpoint.offset ?? 0;
  }

  /** No host has this token. */
  get #forgottenPath(): string {
    return `${this.#base}/=forgotten=`;
  }

  /** Lines that the stream no longer had when they were to be read. */
  #lose(path: string, host: string, block: Block, lines: number, upTo: number): void {
    const { store } = this.#engine;
    store.transaction(() => {
      store.losses.add({ host, query: 'lines of the stream', count: lines, at: block.time });
      const readerState = store.checkpoints.of(path)?.readerState ?? null;
      store.checkpoints.put({
        checkpoint: { ...this.#checkpoint(path, block, upTo), offset: block.seq - 1 },
        readerState,
      });
    });
    this.#options.onLost?.(host, lines);
  }

  #refuse(block: Block, why: BlockRefusal): number {
    const { store } = this.#engine;
    const path = this.#base;
    store.transaction(() => {
      store.refusals.add([{ path, line: block.seq, reason: why, detail: '', at: block.time }]);
      store.checkpoints.put({ checkpoint: this.#checkpoint(path, block, 0), readerState: null });
    });
    this.#options.onRefused?.(why, block.seq);
    return 0;
  }

  #prune(): void {
    if (this.#position % PRUNE_EVERY !== 0) return;
    const { keepDays: maxAgeDays } = this.#options;
    const limits = { now: this.#clock.now, maxAgeDays, maxBytes: Infinity, keepPerSubject: KEPT, limit: 1e9 };
    if (this.#engine.store.prune(limits).deleted > 0) this.#engine.pruned();
  }

  #checkpoint(path: string, { seq, time }: Block, line: number): Checkpoint {
    const { created, partitions } = this.#source;
    const identity = { device: created, inode: String(partitions), fingerprint: '', fingerprintBytes: 0 };
    return { ...identity, path, offset: seq, line, mtimeMs: Math.round(time * 1000) };
  }
}

function mustBeOf(
  checkpoints: readonly Checkpoint[],
  { created, partitions, stream, partition }: Source,
  base: string,
): void {
  const other = checkpoints.find(({ path, device, inode }) => {
    const isHere = path === base || path.startsWith(`${base}/`);
    return !isHere || device !== created || inode !== String(partitions);
  });
  if (other === undefined) return;
  throw new FleetProblem(
    `What lies here for partition ${numbered(partition)} was read from another stream (${other.path}, made ${other.device}, of ${other.inode} partitions); ${stream} was made ${created}, of ${partitions}. Sequences of one mean nothing in the other. To go on with this stream and keep what was learned: ubad fleet adopt`,
  );
}
