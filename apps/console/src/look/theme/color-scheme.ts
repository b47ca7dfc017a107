import { isMantineColorScheme, type MantineColorSchemeManager } from '@mantine/core';

const cookie = 'pagebridge-theme';
const year = 365 * 24 * 60 * 60;

/** Keeps the theme in a cookie, so that the gateway serves the page in its colours and nothing flashes. */
export const colorScheme: MantineColorSchemeManager = {
  get(byDefault) {
    const value = document.cookie
      .split('; ')
      .find((pair) => pair.startsWith(`${cookie}=`))
      ?.slice(cookie.length + 1);
    return isMantineColorScheme(value) ? value : byDefault;
  },
  set(value) {
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Firefox before 140
    document.cookie = `${cookie}=${value}; path=/; max-age=${year}; samesite=lax`;
  },
  subscribe: () => undefined,
  unsubscribe: () => undefined,
  clear: () => undefined,
};
