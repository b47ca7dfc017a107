type Given<T> = { readonly [name in keyof T]?: Exclude<T[name], undefined> };

/** Leaves out the parameters that are undefined or empty. */
export const given = <T extends object>(parameters: T) =>
  Object.fromEntries(Object.entries(parameters).filter(([, value]) => value)) as Given<T>;
