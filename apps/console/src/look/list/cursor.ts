/** Returns the cursor in the path of a next page; undefined on the last one. */
export const cursorIn = (next: string | null): string | undefined =>
  new URLSearchParams(next?.split('?')[1]).get('cursor') ?? undefined;
