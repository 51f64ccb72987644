/** Whether a partition trains somebody, or waits for its turn. */
export type TrainingState = 'none' | 'waits' | 'runs';

/** How far a partition has come. */
export interface PartitionStatus {
  readonly partition: number;
  readonly position: number;
  /** Blocks that wait in the stream. */
  readonly waiting: number;
  readonly lines: number;
  readonly blocks: number;
  readonly refused: number;
  readonly lost: number;
  readonly told: number;
  readonly restores: number;
  /** Seconds since the newest snapshot. */
  readonly snapshotAge: number;
  /** Lines are read meanwhile, up to where the new model comes into use. */
  readonly training: TrainingState;
}
