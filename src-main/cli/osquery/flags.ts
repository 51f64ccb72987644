/** What osquery.flags says of who configures osquery. */
export interface Flags {
  /** A server (Fleet, or another) gives the configuration over TLS. */
  readonly byServer: boolean;
  /** The file of the configuration, where it is not the usual one. */
  readonly otherConfig: string | undefined;
  /** The log does not go to files. */
  readonly withoutFiles: boolean;
  /** The folder of the logs, where it is not the usual one. */
  readonly otherLogFolder: string | undefined;
}

/** @param text of osquery.flags; empty where there is none */
export function readFlags(text: string, usual: { readonly config: string; readonly logFolder: string }): Flags {
  const flags = new Map<string, string>();
  for (const [, name, value] of text.matchAll(/^[ \t]*--?([a-z_]+)(?:[ \t]*=[ \t]*|[ \t]+|$)(.*)$/gm)) {
    flags.set(name!, value!.trim().replace(/^"(.*)"$/, '$1'));
  }
  const other = (flag: string, usually: string): string | undefined => {
    const value = flags.get(flag)?.replace(/\/+$/, '');
    return value === undefined || value === '' || value === usually ? undefined : value;
  };
  const logger = flags.get('logger_plugin');
  return {
    byServer: (flags.get('config_plugin') ?? 'filesystem') !== 'filesystem',
    otherConfig: other('config_path', usual.config),
    withoutFiles: logger !== undefined && !logger.split(',').some((plugin) => plugin.trim() === 'filesystem'),
    otherLogFolder: other('logger_path', usual.logFolder),
  };
}
