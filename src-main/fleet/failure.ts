/** Something about a fleet that a person has to see to: the message says what, where and what to do. */
export class FleetProblem extends Error {
  override readonly name = 'FleetProblem';
}
