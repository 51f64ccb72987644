import { fleetAddressOf, fleetPlaceOf, type FleetPlace } from './address.ts';

/** Where the page of a fleet is, as its address says. */
class FleetWhere {
  place = $state.raw<FleetPlace>(fleetPlaceOf(location.hash));

  start(): () => void {
    const look = (): void => {
      this.place = fleetPlaceOf(location.hash);
    };
    addEventListener('hashchange', look);
    return () => {
      removeEventListener('hashchange', look);
    };
  }

  go(place: FleetPlace): void {
    location.hash = fleetAddressOf(place);
  }

  /** As `go`, without a step that Back would undo: for filters. */
  replace(place: FleetPlace): void {
    history.replaceState(null, '', fleetAddressOf(place));
    this.place = fleetPlaceOf(location.hash);
  }
}

export const fleetWhere = new FleetWhere();
