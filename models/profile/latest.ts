/**
 * Actions after which an action counts half: so few that the last one says most. A stranger has left with his last action
 * (docs/decisions/windows.md).
 */
const HALF_LIFE = 0.7;
const KEPT = 0.5 ** (1 / HALF_LIFE);

/**
 * How strange a user's very latest actions are: a mean that forgets within two or three of them. A window goes on holding
 * what a stranger did when he has left; this does not.
 */
export class Latest {
  #mean = 0;

  see(z: number): number {
    this.#mean = KEPT * this.#mean + (1 - KEPT) * z;
    return this.#mean;
  }
}
