import { join } from 'node:path';

/** Every file that setup reads or changes, in one place. @param root `/`, but in tests */
export const placesUnder = (root: string) =>
  ({
    root,
    osquery: join(root, 'etc/osquery'),
    packs: join(root, 'etc/osquery/packs'),
    rsyslog: join(root, 'etc/rsyslog.d'),
    syslogNg: join(root, 'etc/syslog-ng/conf.d'),
    /** Fleet's agent, which brings an osquery of its own. */
    orbit: join(root, 'opt/orbit'),
    record: join(root, 'var/lib/ubad-setup'),
  }) as const;

export type Places = ReturnType<typeof placesUnder>;

export const packFiles = ['user-behavior.json', 'user-behavior-events.json'] as const;
export const LOG_NAME = 'osqueryd.results.log';
/** What was there before, beside what was changed. */
export const BACKUP = '.before-ubad';
