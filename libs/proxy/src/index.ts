/** How calls leave a process: directly, or through the proxy that its environment names. Calls nobody and logs nothing. */
export { type Dispatcher, newDispatcher } from './new-dispatcher.ts';
export { useProxy } from './use-proxy.ts';
