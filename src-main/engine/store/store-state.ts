import type { Connection } from './sql.ts';

/** Facts about the store itself. Writes only in a transaction. */
export interface StoreState {
  /** Whether it stands where another was lost: it is to read whatever logs still hold. */
  inPlaceOfLost(): boolean;
  setInPlaceOfLost(): void;
  /** When the whole database was last read and found sound, Unix seconds; null: never. */
  soundAt(): number | null;
  setSoundAt(at: number): void;
}

interface Row {
  readonly in_place_of_lost: 0 | 1;
  readonly sound_at: number | null;
}

export function storeStateIn(connection: Connection): StoreState {
  const row = connection.prepare<Row>('SELECT in_place_of_lost, sound_at FROM store_state');
  const setLost = connection.prepare('UPDATE store_state SET in_place_of_lost = 1');
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
    soundAt: () => only().sound_at,
    setSoundAt(at) {
      connection.mustBeInTransaction();
      setSound.run(at);
    },
  };
}
