import type { Command } from 'commander';

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
  const command = (name: string, description: string): Command =>
    fleet
      .command(name)
      .description(description)
      .option('-c, --config <file>', 'the fleet’s configuration (default: /etc/ubad/fleet.json)');
  const json = (of: Command): Command => of.option('--json', 'print JSON');

  command('init', 'make a fleet on the servers of the configuration; where there is none, write one first')
    .option('--local', 'of this machine alone, in a folder of its own: for a look, and for tests')
    .option('--folder <dir>', 'with --local: that folder (default: $XDG_STATE_HOME/ubad/fleet)')
    .action(async (options: Program.InitOptions) => (await loaded()).init(options));
  command('worker', 'judge the lines of a share of the hosts, until SIGTERM')
    .option('--name <name>', 'what it is called among the workers (default: the host’s name)')
    .action(async (options: Program.WorkerOptions) => (await loaded()).worker(options));
  command('gateway', 'take results in from osquery’s TLS logger, until SIGTERM').action(
    async (options: Program.FleetOptions) => (await loaded()).gateway(options),
  );
  const hosts = fleet.command('hosts').description('the hosts that have enrolled at a gateway');
  const ofHosts = (name: string, description: string): Command =>
    hosts
      .command(name)
      .description(description)
      .option('-c, --config <file>', 'the fleet’s configuration (default: /etc/ubad/fleet.json)');
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
}
