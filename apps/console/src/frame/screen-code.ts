import { type AsyncRouteComponent, lazyRouteComponent, type RouteComponent } from '@tanstack/react-router';

/** Thrown in the place of a screen whose code could not be loaded. */
export class NotLoaded extends Error {
  /** Loads the code again. Never rejects: what fails is thrown when the screen is rendered. */
  readonly loadAgain: () => Promise<void>;

  constructor(loadAgain: () => Promise<void>, cause: unknown) {
    super('The code of this screen could not be loaded.', { cause });
    this.loadAgain = loadAgain;
  }
}

/**
 * The screen that a module exports, loaded when it is opened.
 *
 * The error is one of ours: for the browser's own, TanStack reloads the page at once, and what was typed is lost.
 */
export function lazy<Module extends object>(load: () => Promise<Module>, name: keyof Module & string): RouteComponent {
  const screen = lazyRouteComponent<Module, keyof Module & string>(
    () =>
      load().catch((cause: unknown) => {
        throw new NotLoaded(async () => screen.preload?.(), cause);
      }),
    name,
  ) as AsyncRouteComponent<object>;
  return screen;
}
