import { join } from 'node:path';

/** Every file that setup reads or changes, in one place. @param root `/`, but in tests */
export const placesUnder = (root: string) =>
  ({
    root,
    osquery: join(root, 'etc/osquery'),
    config: join(root, 'etc/osquery/osquery.conf'),
    flags: join(root, 'etc/osquery/osquery.flags'),
    packs: join(root, 'etc/osquery/packs'),
    rsyslog: join(root, 'etc/rsyslog.d'),
    logFolder: join(root, 'var/log/osquery'),
    /** Fleet's agent, which brings an osquery of its own. */
    orbit: join(root, 'opt/orbit'),
    record: join(root, 'var/lib/ubad-setup'),
  }) as const;

export type Places = ReturnType<typeof placesUnder>;

/** Where osquery itself looks for these, whatever the root of a test is. */
export const usual = { config: '/etc/osquery/osquery.conf', logFolder: '/var/log/osquery' } as const;

export const packFiles = ['user-behavior.json', 'user-behavior-events.json'] as const;
export const LOG_NAME = 'osqueryd.results.log';
/** What was there before, beside what was changed. */
export const BACKUP = '.before-ubad';
