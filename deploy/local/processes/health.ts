/** Says whether a URL answers 200 within a second. */
export const answersOk = async (url: string): Promise<boolean> => {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1000) });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    // Not listening yet, or too busy to answer: both mean "not ready", and the caller asks again.
    return false;
  }
};
