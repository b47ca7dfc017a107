import fc from 'fast-check';

/** Something that takes what others send. */
export interface Target {
  readonly name: string;
  /** Draws a case and looks what becomes of it. It throws where a promise is broken. */
  readonly property: fc.IAsyncProperty<[unknown]>;
  /** Called before each stretch of cases. */
  readonly prepare?: () => Promise<void>;
}

/** `look` throws or rejects for a case that breaks the promise of what it feeds; so does whatever escapes from there. */
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

/** Throws the complaint if what was promised does not hold. */
export function promise(holds: boolean, complaint: string): asserts holds {
  if (!holds) throw new Error(complaint);
}
