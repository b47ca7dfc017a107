import { type Dispatcher, newDispatcher } from '@pagebridge/process/proxy';

let dispatcher: Dispatcher | undefined;

/**
 * Returns the connection pools of all origins, which all clients in the process share.
 *
 * The number of sockets is not bounded here: callers bound their calls in flight, and with a bound shared by all orgs of a
 * data center, one slow org would delay the others.
 */
export function pools(): Dispatcher {
  dispatcher ??= newDispatcher();
  return dispatcher;
}

/** Closes all sockets after the calls in flight have ended, at the latest at their deadlines; a later call opens new sockets. */
export async function closePools(): Promise<void> {
  const closing = dispatcher;
  dispatcher = undefined;
  await closing?.close();
}
