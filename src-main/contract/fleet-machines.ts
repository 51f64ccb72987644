/** What the page of a fleet tells of hosts, of workers and of what they work on. Times are Unix seconds. */

export interface FleetHost {
  readonly host: string;
  /** null: it never enrolled at a gateway: its lines came another way. */
  readonly state: 'approved' | 'waiting' | 'revoked' | null;
  readonly enrolledAt: number | null;
  readonly partition: number;
  /** When its last lines came; null: none did, or its partition's owner is away. */
  readonly lastLines: number | null;
  readonly lines: number;
  /** Lines that it counted and that never came. */
  readonly lost: number;
  /** Blocks of lines that wait in its partition. */
  readonly lag: number;
  readonly alerts: number;
}

export interface FleetWorker {
  readonly id: string;
  readonly draining: boolean;
  readonly partitions: readonly number[];
  readonly lines: number;
  /** Over the last seconds; null: not known yet. */
  readonly linesPerSecond: number | null;
  readonly renewedAt: number;
}

export interface FleetPartition {
  readonly partition: number;
  /** The worker's id; null: nobody works on it. */
  readonly owner: string | null;
  /** Blocks that wait; null: its owner did not answer. */
  readonly waiting: number | null;
  readonly lines: number | null;
  readonly refused: number | null;
  readonly lost: number | null;
  readonly users: number | null;
  /** Whether somebody of it is being trained, or waits for others to be; lines wait meanwhile. */
  readonly training: 'none' | 'waits' | 'runs' | null;
}

export interface FleetWorkers {
  readonly workers: readonly FleetWorker[];
  readonly partitions: readonly FleetPartition[];
  readonly server: string;
  readonly streamBytes: number;
}
