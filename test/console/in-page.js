/* These functions run in the page, each for itself. They are plain JavaScript, because the services' types know no DOM. */

/** Writes each violation of the content security policy as an error. */
export function tellViolations() {
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile }) => {
    console.error(`content security policy: ${violatedDirective} ${blockedURI} ${sourceFile}`);
  });
}

/** Returns by how many pixels the page is wider than its window, or what a drawer holds than the drawer. */
export function overflow() {
  const windows = [document.documentElement, ...document.querySelectorAll('[role="dialog"]')];
  return Math.max(...windows.map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth));
}

/** Returns the names of the elements of all tables that the page shows, in the order of the alphabet. */
export function shownTables() {
  const elements = [...document.querySelectorAll('table, tr, th, td')];
  const shown = elements.filter((its) => its.checkVisibility() && !its.closest('[aria-hidden="true"], [inert]'));
  return shown.map(({ localName }) => localName).sort();
}

/** Keeps what moves from now on: each element that an animation or a transition has begun on. */
export function keepMotions() {
  globalThis.kept = [];
  const keep = ({ type, target, propertyName, animationName }) =>
    globalThis.kept.push(`${type} ${propertyName ?? animationName} ${target.outerHTML.slice(0, 100)}`);
  document.addEventListener('transitionrun', keep, true);
  document.addEventListener('animationstart', keep, true);
}

/** Returns what `keepMotions` has kept, and what moves at this moment. */
export function motions() {
  return [...globalThis.kept, ...document.getAnimations().map(({ effect }) => effect.target.outerHTML.slice(0, 100))];
}

/** Returns what the page has measured of one type: `largest-contentful-paint` or `layout-shift`. */
export function measured(type) {
  return new Promise((resolve) => {
    const observer = new PerformanceObserver((list) => resolve(list.getEntries().map((entry) => entry.toJSON())));
    observer.observe({ type, buffered: true });
    // Nothing calls back for a type that has no entry.
    setTimeout(() => resolve([]), 1000);
  });
}

/** Keeps how long each key and click takes until the page has answered it, in ms: a browser by itself keeps only the slow ones. */
export function keepAnswers() {
  globalThis.answers = [];
  const observer = new PerformanceObserver((list) => {
    globalThis.answers.push(...list.getEntries().map(({ duration }) => duration));
  });
  observer.observe({ type: 'event', buffered: true, durationThreshold: 16 });
}

/** Returns what `keepAnswers` has kept. */
export function answers() {
  return globalThis.answers;
}

/** Resolves as soon as the page shows a text. */
export function shown(text) {
  return new Promise((resolve) => {
    const look = () => document.body.textContent.includes(text) && resolve(true);
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
    look();
  });
}

/** Goes back, and returns after how many ms so many records of a trace are drawn. */
export function drawnAfterBack(count) {
  const startedAt = performance.now();
  history.back();
  return new Promise((resolve) => {
    const look = () => {
      if (document.querySelectorAll('[data-hop]').length < count) requestAnimationFrame(look);
      // The frame that follows is drawn after the one in which they came.
      else requestAnimationFrame(() => resolve(performance.now() - startedAt));
    };
    requestAnimationFrame(look);
  });
}
