/** What happens on a simulated machine, before any pack has asked for it. Times are Unix seconds. */
interface At {
  readonly time: number;
  readonly host: string;
  readonly uid: number;
  readonly user: string;
  /** Seconds until it is over: what is over before osquery asks is never seen. */
  readonly lasts: number;
  /** The login session that it belongs to. */
  readonly session: number;
  /** Of which attack it is a part. */
  readonly attack?: string;
}

export type Happening =
  | (At & {
      readonly kind: 'process';
      readonly pid: number;
      readonly name: string;
      readonly path: string;
      readonly parent: Running;
      readonly asRoot: boolean;
      readonly onDisk: boolean;
      /** What was executed, where that is a script: `path` is its interpreter then. */
      readonly script?: string;
      /** When it started, Unix seconds, where this is no start but a change of what runs already. */
      readonly started?: number;
      /** Runs below `systemd --user` and not in the login session. */
      readonly byManager?: boolean;
    })
  | (At & {
      readonly kind: 'socket';
      readonly name: string;
      readonly path: string;
      readonly address: string;
      readonly port: number;
      readonly localPort: number;
      readonly pid: number;
    })
  | (At & {
      readonly kind: 'listening';
      readonly name: string;
      readonly path: string;
      readonly port: number;
      /** All of the machine's own, when not given. */
      readonly address?: string;
    })
  | (At & { readonly kind: 'command'; readonly command: string })
  | (At & { readonly kind: 'file'; readonly name: string; readonly exe: string; readonly path: string })
  | (At & { readonly kind: 'session'; readonly tty: string; readonly from: string; readonly pid: number })
  | (At & { readonly kind: 'device'; readonly device: Device; readonly mount?: string })
  /** A row of a table of settings, e.g. of `crontab`, as it is. */
  | (At & { readonly kind: 'state'; readonly query: string; readonly columns: Readonly<Record<string, string>> });

/** A process, as its children name it. */
export interface Running {
  readonly pid: number;
  readonly name: string;
}

export interface Device {
  readonly vendor_id: string;
  readonly model_id: string;
  readonly vendor: string;
  readonly model: string;
  readonly serial: string;
  readonly removable: '0' | '1';
}
