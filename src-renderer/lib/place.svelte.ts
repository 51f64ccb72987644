import { addressOf, placeOf, type Place } from './address.ts';
import { on } from './bridge.ts';

/** Where the window is, as its address says. */
class Where {
  place = $state.raw<Place>(placeOf(location.hash));
  address = $state(location.hash);

  start(): () => void {
    const look = (): void => {
      this.address = location.hash;
      this.place = placeOf(location.hash);
    };
    const stop = on('navigate', (address) => {
      if (location.hash === address) look();
      else location.hash = address;
    });
    addEventListener('hashchange', look);
    return () => {
      stop();
      removeEventListener('hashchange', look);
    };
  }

  go(place: Place): void {
    location.hash = addressOf(place);
  }

  /** As `go`, without a step that Back would undo: for filters and zoom. */
  replace(place: Place): void {
    history.replaceState(null, '', addressOf(place));
    this.address = location.hash;
    this.place = placeOf(location.hash);
  }
}

export const where = new Where();
