import { Option, type Command } from 'commander';

import type * as Program from './program.ts';

/** Beside the command line's own file in a checkout, and beside its bundle: a bundle of its own, read when it is asked for. */
const program = new URL(
  import.meta.url.endsWith('.ts') ? './program.ts' : './fleet.mjs',
  import.meta.url.replace('/app.asar/', '/app.asar.unpacked/'),
);

/** What works a fleet, and what of NATS it needs: nothing else of `ubad` loads it. */
const loaded = async (): Promise<typeof Program> => (await import(program.href)) as typeof Program;

/** Adds `ubad fleet` and its commands. */
export function defineFleet(parent: Command): void {
  const fleet = parent.command('fleet').description('many machines: their lines come together, and workers share them');
  const ofConfig = (of: Command, name: string, description: string): Command =>
    of
      .command(name)
      .description(description)
      .option(
        '-c, --config <file>',
        'the fleet’s configuration (default: /etc/ubad/fleet.json, else that of init --local)',
      );
  const command = (name: string, description: string): Command => ofConfig(fleet, name, description);
  const json = (of: Command): Command => of.option('--json', 'print JSON');

  command('init', 'make a fleet on the servers of the configuration; where there is none, write one first')
    .option('--local', 'of this machine alone, in a folder of its own: for a look, and for tests')
    .option('--folder <dir>', 'with --local: that folder (default: $XDG_STATE_HOME/ubad/fleet)')
    .option(
      '--print-server-config',
      'print nats-server’s configuration instead: an account a tenant, a key a role, TLS',
    )
    .option(
      '--keys <dir>',
      'with it: where the keys are, and are made where they are missing (default: ubad-fleet-keys)',
    )
    .option('--tenant <name...>', 'with it: the tenants (default: the configuration’s)')
    .option('--forward <host...>', 'with it: hosts that send their own log')
    .option('--ports <list>', 'with --local: of nats-server, gateway and page (default: such as are free)')
    .action(async (options: Program.InitOptions) => (await loaded()).init(options));
  fleet
    .command('up')
    .description('run the fleet of this machine alone: server, gateway, two workers, inbox and page, until Ctrl-C')
    .option('--folder <dir>', 'where ubad fleet init --local laid it out (default: $XDG_STATE_HOME/ubad/fleet)')
    .option('--hosts <count>', 'simulated machines that it is fed with the first time; 0: none', '30')
    .option('--days <count>', 'days of theirs', '14')
    .action(async (options: Program.UpOptions) => (await loaded()).up(options));
  command('worker', 'judge the lines of a share of the hosts, until SIGTERM')
    .option('--name <name>', 'what it is called among the workers (default: the host’s name)')
    .option('--state <dir>', 'where it keeps its databases (default: the configuration’s worker.state)')
    .action(async (options: Program.WorkerOptions) => (await loaded()).worker(options));
  command('gateway', 'take results in from osquery’s TLS logger, until SIGTERM').action(
    async (options: Program.FleetOptions) => (await loaded()).gateway(options),
  );
  command(
    'forward',
    'send this machine’s log, masked, where its osquery does not post by itself, or its alerts alone; until SIGTERM',
  ).action(async (options: Program.FleetOptions) => (await loaded()).forward(options));
  command('bridge', 'take in what Fleet publishes on NATS, each line once; until SIGTERM').action(
    async (options: Program.FleetOptions) => (await loaded()).bridge(options),
  );
  command('inbox', 'keep all alerts of the fleet, until SIGTERM').action(async (options: Program.FleetOptions) =>
    (await loaded()).inbox(options),
  );
  command('serve', 'the fleet’s page in a browser of this machine, until SIGTERM; where it runs, another address of it')
    .option('--for <name>', 'an address for one of page.people in fleet.json')
    .action(async (options: Program.ServeFleetOptions) => (await loaded()).serve(options));
  const alerts = fleet.command('alerts').description('the alerts of all hosts, on the machine of the inbox');
  json(ofConfig(alerts, 'list', 'those that wait, the most severe first'))
    .option('--all', 'answered ones too')
    .action(async (options: Program.AlertListOptions) => (await loaded()).listFleetAlerts(options));
  ofConfig(alerts, 'mark <alert> <verdict>', 'say normal, suspicious or none of one').action(
    async (alert: string, verdict: string, options: Program.FleetOptions) =>
      (await loaded()).markFleetAlert(alert, verdict, options),
  );
  json(
    command('peers', 'the groups of users; of an alert, how many of its user’s group do what was new in it').argument(
      '[alert]',
    ),
  ).action(async (alert: string | undefined, options: Program.InspectOptions) =>
    (await loaded()).peers(alert, options),
  );
  const hosts = fleet.command('hosts').description('the hosts that have enrolled at a gateway');
  const ofHosts = (name: string, description: string): Command => ofConfig(hosts, name, description);
  json(ofHosts('list', 'all, and what an administrator said of each')).action(async (options: Program.InspectOptions) =>
    (await loaded()).listHosts(options),
  );
  ofHosts('approve <host>', 'take its lines').action(async (host: string, options: Program.FleetOptions) =>
    (await loaded()).approveHost(host, options),
  );
  ofHosts('revoke <host>', 'take nothing of it any more').action(async (host: string, options: Program.FleetOptions) =>
    (await loaded()).revokeHost(host, options),
  );
  json(command('status', 'workers, partitions, how far they have read')).action(
    async (options: Program.InspectOptions) => (await loaded()).status(options),
  );
  command('drain <worker>', 'hand a worker’s partitions to others, before its machine goes down')
    .option('--undo', 'it takes its share again')
    .action(async (worker: string, options: Program.DrainOptions) => (await loaded()).drain(worker, options));
  command('forget <user>', 'all partitions, snapshots and the inbox forget a user: anna on all hosts, or anna@desk-1')
    .option('--yes', 'do it; without this it only tells what it would do')
    .action(async (user: string, options: Program.ForgetFleetOptions) => (await loaded()).forgetFleet(user, options));
  command('split', 'twice as many partitions, while everything runs: no line is lost or read twice')
    .option(
      '--to <count>',
      'do it, or go on with one that was begun: twice as many as there are; without this it only looks',
    )
    .action(async (options: Program.SplitOptions) => (await loaded()).split(options));
  command('adopt', 'after the servers were lost or restored: what lies on this machine goes on with what they have')
    .option('--state <dir>', 'of a worker (default: the configuration’s worker.state)')
    .option('--yes', 'do it; without this it only tells what it would do')
    .action(async (options: Program.AdoptOptions) => (await loaded()).adopt(options));
  json(command('doctor', 'what is wrong with the fleet, each with its cure; changes nothing'))
    .addOption(
      new Option('--role <name>', 'what this machine’s key has to be good for').choices([
        'admin',
        'worker',
        'gateway',
        'inbox',
        'bridge',
      ]),
    )
    .action(async (options: Program.FleetDoctorOptions) => (await loaded()).doctor(options));
}
