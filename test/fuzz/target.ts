import fc from 'fast-check';

/** A reader of external data. */
export interface Target {
  readonly name: string;
  /** Draws a case and checks the result. Throws if a promise is broken. */
  readonly property: fc.IAsyncProperty<[unknown]>;
  /** Called before each series of cases. */
  readonly prepare?: () => Promise<void>;
}

/** Returns a target. `look` throws or rejects for a case that breaks a promise; any escaped error counts too. */
export const target = <Case>(
  name: string,
  cases: fc.Arbitrary<Case>,
  look: (drawn: Case) => unknown,
  prepare?: () => Promise<void>,
): Target => ({
  name,
  property: fc.asyncProperty(cases, async (drawn) => void (await look(drawn))) as unknown as fc.IAsyncProperty<
    [unknown]
  >,
  ...(prepare ? { prepare } : {}),
});

/** Throws the complaint unless the promise holds. */
export function promise(holds: boolean, complaint: string): asserts holds {
  if (!holds) throw new Error(complaint);
}
