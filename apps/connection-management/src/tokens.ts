/** Injection token of the data-center catalogue. */
export const DATA_CENTERS = Symbol('DataCenters');
/** Injection token of a function that returns the known handles. */
export const KNOWN_HANDLES = Symbol('KnownHandles');
/** Injection token of the periodic work. */
export const PERIODIC_WORK = Symbol('PeriodicWork');
/** Injection token of the connections to the database for what callers only read. */
export const READ_SOURCE = Symbol('ReadSource');
/** Injection token of what is stored, read over these connections. */
export const READS = Symbol('Reads');
/** Injection token of the store. */
export const STORE = Symbol('Store');
