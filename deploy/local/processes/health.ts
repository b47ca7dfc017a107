/** Returns whether a URL answers 200 within a second. */
export const answersOk = async (url: string): Promise<boolean> => {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1000) });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    // The service does not listen yet or is too busy: it is not ready, and the caller asks again.
    return false;
  }
};
