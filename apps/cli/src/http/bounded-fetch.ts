import { bodyWithin } from '@pagebridge/process';

// The largest trace that page-history answers.
const maxBytes = 32 * 1024 * 1024;

/** Fetches an answer that memory allows, and follows no redirect, which would take a token to another address. Rejects with the reason in words. */
export async function boundedFetch(url: string, request: RequestInit = {}, withinMs = 30_000): Promise<Response> {
  try {
    const response = await fetch(url, { ...request, redirect: 'manual', signal: AbortSignal.timeout(withinMs) });
    const body = await bodyWithin(maxBytes, response);
    if (!body) throw new Error(`the response is larger than ${maxBytes} bytes`);
    return new Response(body.length === 0 ? null : body, response);
  } catch (error) {
    const { name, message, cause } = error as Error;
    throw new Error(name === 'TimeoutError' ? `no response within ${withinMs / 1000} s` : causeIn(cause) || message);
  }
}

// Node joins the failures of several addresses without a message of their own.
const causeIn = (cause: unknown): string =>
  cause instanceof AggregateError ? causeIn(cause.errors[0]) : cause instanceof Error ? cause.message : '';
