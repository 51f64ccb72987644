/** An action that the engine finds strange; `count` of the same cause. */
export interface Alert {
  readonly id: number;
  readonly user: string;
  readonly action: string;
  readonly count: number;
}

export interface Status {
  readonly events: number;
  readonly alerts: readonly Alert[];
  readonly engine: 'running' | 'stopped';
}

export interface ToEngine {
  readonly kind: 'follow';
  readonly log: string;
}

export type FromEngine =
  | { readonly kind: 'read'; readonly events: number }
  | { readonly kind: 'strange'; readonly user: string; readonly action: string };

/** What the preload script gives to the page. */
export interface SampleBridge {
  ask(question: 'status'): Promise<Status>;
  ask(question: 'open', url: string): Promise<void>;
  onStatus(heard: (status: Status) => void): void;
  onGoTo(heard: (hash: string) => void): void;
}
