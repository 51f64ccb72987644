import { runningPage, runPage } from '../../fleet/page/run.ts';
import { stateFolder } from '../../settings/config.ts';
import { reportBug } from '../../terminal/terminal.ts';
import { exitCodes, Failure } from '../failure.ts';
import { say, tellUser } from '../output.ts';
import { pageFiles } from './page-files.ts';
import { configOf, toldLater, type FleetOptions } from './shared.ts';
import { untilStopped } from './until-stopped.ts';

export interface ServeFleetOptions extends FleetOptions {
  readonly for?: string;
}

/** `ubad fleet serve`: the page over the fleet, until it is told to stop; where it runs already, a new address of it. */
export async function serve(options: ServeFleetOptions): Promise<void> {
  const config = configOf(options);
  const files = pageFiles();
  const person = options.for;
  if (person !== undefined && !config.page.people.some(({ name }) => name === person))
    throw new Failure(`«${person}» is not among page.people in fleet.json: add them there first.`, exitCodes.usage);
  const state = stateFolder();
  const running = await toldLater(() => runningPage(config, state, person));
  if (running.state === 'running') {
    say(`the fleet’s page is at ${running.address}`);
    return;
  }
  if (running.state === 'silent')
    throw new Failure(
      `The page runs already as process ${running.pid}, and what answers at ${running.origin} cannot prove to be it` +
        `${person === undefined ? '' : `, or it was started before ${person} was in fleet.json`}. End it with: kill ${running.pid}. Then run ubad fleet serve again.`,
    );
  if (person !== undefined)
    throw new Failure(`The page does not run. Start it with ubad fleet serve, then run this again.`);
  await untilStopped(({ signal, onNotice, ready }) => {
    const onReady = (address: string): void => {
      ready(`page of the fleet ${config.tenant} is ready`);
      say(`the fleet’s page is at ${address}`);
      tellUser('The address is good once, for ten minutes; “ubad fleet serve” again gives another.');
    };
    return runPage({ config, files, state, signal, onNotice, onFailed: reportBug, onReady });
  });
}
