/** The stream that a partition is read from. */
export interface Source {
  readonly stream: string;
  /** When the server made it: another stream of the same name is another one. */
  readonly created: string;
  readonly partition: number;
  /** With how many partitions the fleet was made. */
  readonly partitions: number;
}
