import { fleetCalls, isAtLeast, type FleetMe, type FleetRole } from '../../../src-main/contract/fleet.ts';
import { client } from '../../../src-main/contract/ipc.ts';

/** Questions to the fleet's page server. Each throws AskFailed where there is no answer. */
export const fleet = client(fleetCalls, (name, input) => window.bridge.ask(name, input));

/** Who the page is open for, and what waits: what all screens share. */
class Me {
  value = $state.raw<FleetMe>();
  problem = $state<string>();
  /** Alerts that nobody has answered. */
  waiting = $state(0);

  async look(): Promise<void> {
    try {
      this.value = await fleet.me(undefined);
      this.problem = undefined;
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }

  may(needed: FleetRole): boolean {
    return this.value !== undefined && isAtLeast(this.value.role, needed);
  }
}

export const me = new Me();

/** Asks again and again while somebody can see the page. @returns how to stop */
export function again(seconds: number, ask: () => void): () => void {
  const timer = setInterval(() => {
    if (document.visibilityState === 'visible') ask();
  }, seconds * 1000);
  return () => {
    clearInterval(timer);
  };
}
