import { locks } from 'node:worker_threads';
import Environment from 'jest-fixed-jsdom';

/** The page of a browser as jsdom makes it, with what the console uses of a browser and jsdom lacks. */
export default class ConsoleEnvironment extends Environment {
  constructor(config, context) {
    super(config, context);
    const { global } = this;
    Object.defineProperty(global.navigator, 'locks', { value: locks });
    global.matchMedia = (media) => ({
      media,
      matches: false,
      addEventListener: () => {},
      removeEventListener: () => {},
      addListener: () => {},
      removeListener: () => {},
    });
    global.ResizeObserver = class {
      observe() {}
      unobserve() {}
      disconnect() {}
    };
    global.scrollTo = () => {};
  }
}
