import type { DoctorReport } from '../../../src-main/contract/doctor.ts';

/** A machine where some steps pass, some warn and one fails. */
export const faults: DoctorReport = {
  at: 1_780_000_000,
  steps: [
    {
      id: 'osquery-installed',
      state: 'pass',
      why: 'osqueryd 5.21.0 is at /usr/bin/osqueryd.',
      remedy: null,
      command: null,
    },
    {
      id: 'osquery-running',
      state: 'pass',
      why: 'osqueryd runs as root since this morning.',
      remedy: null,
      command: null,
    },
    { id: 'configuration', state: 'pass', why: 'The pack user-behavior is loaded.', remedy: null, command: null },
    {
      id: 'log-readable',
      state: 'fail',
      why: '/var/log/osquery/osqueryd.results.log belongs to root and cannot be read by you (EACCES).',
      remedy: 'Let your account read it, now and after each rotation.',
      command: 'sudo setfacl -m u:$USER:r /var/log/osquery/osqueryd.results.log',
    },
    {
      id: 'events-arriving',
      state: 'unknown',
      why: 'It cannot be told before the log can be read.',
      remedy: null,
      command: null,
    },
    { id: 'users-known', state: 'pass', why: '2 users are known.', remedy: null, command: null },
    { id: 'tray', state: 'not-applicable', why: 'This is a browser.', remedy: null, command: null },
    {
      id: 'notifications',
      state: 'warn',
      why: 'xfce4-notifyd 0.7.3 shows no click on the body.',
      remedy: 'Use the buttons of a notification.',
      command: null,
    },
    { id: 'autostart', state: 'pass', why: 'ubad starts with the desktop.', remedy: null, command: null },
  ],
};
