import { PermissionViolationError } from '@nats-io/transport-node';

import { FleetProblem } from '../failure.ts';

/** What the server does not let this key do, as a sentence; undefined for any other error. */
export function deniedIn(error: unknown): FleetProblem | undefined {
  for (let one = error; one instanceof Error; one = one.cause)
    if (one instanceof PermissionViolationError)
      return new FleetProblem(
        `The server does not let this key ${one.operation === 'subscription' ? 'listen to' : 'publish on'} ${one.subject}: it is of another role, host or tenant. See to credentials and tenant in fleet.json; ubad fleet doctor tells what a key may do.`,
        { cause: error },
      );
  return undefined;
}
