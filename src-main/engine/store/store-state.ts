import { columns, flag, number, orNull, type RowOf } from './columns.ts';
import type { Connection } from './sql.ts';

/** Facts about the store itself. Writes only in a transaction. */
export interface StoreState {
  /** Whether it stands where another was lost: it is to read whatever logs still hold. */
  inPlaceOfLost(): boolean;
  setInPlaceOfLost(): void;
  /** Whether its logs tell an invented time: nothing of them is of the future, whatever this machine's clock says. */
  inventedTimes(): boolean;
  /** To be called before anything is read. */
  setInventedTimes(): void;
  /** When the whole database was last read and found sound, Unix seconds; null: never. */
  soundAt(): number | null;
  setSoundAt(at: number): void;
}

const stateRow = columns({ in_place_of_lost: flag, invented_times: flag, sound_at: orNull(number) });
type Row = RowOf<typeof stateRow>;

export function storeStateIn(connection: Connection): StoreState {
  const row = connection.read(stateRow, 'SELECT in_place_of_lost, invented_times, sound_at FROM store_state');
  const setLost = connection.prepare('UPDATE store_state SET in_place_of_lost = 1');
  const setInvented = connection.prepare('UPDATE store_state SET invented_times = 1');
  const setSound = connection.prepare('UPDATE store_state SET sound_at = ?');
  const only = (): Row => {
    const found = row.get();
    if (!found) throw connection.damaged('the row about the store itself is missing');
    return found;
  };
  return {
    inPlaceOfLost: () => only().in_place_of_lost === 1,
    setInPlaceOfLost() {
      connection.mustBeInTransaction();
      setLost.run();
    },
    inventedTimes: () => only().invented_times === 1,
    setInventedTimes() {
      connection.mustBeInTransaction();
      setInvented.run();
    },
    soundAt: () => only().sound_at,
    setSoundAt(at) {
      connection.mustBeInTransaction();
      setSound.run(at);
    },
  };
}
