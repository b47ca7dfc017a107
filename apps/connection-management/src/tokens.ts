/** Token of the data-center catalogue. */
export const DATA_CENTERS = Symbol('DataCenters');
/** Token of a function that answers what is known of handles. */
export const KNOWN_HANDLES = Symbol('KnownHandles');
/** Token of what is looked at now and again. */
export const PERIODIC_WORK = Symbol('PeriodicWork');
/** Token of the store. */
export const STORE = Symbol('Store');
