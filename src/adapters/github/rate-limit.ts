import { field, isJson } from "./answer.ts";

/** A gate waits a minute for GitHub, not an hour: what asks for more is a refusal. */
const LONGEST_WAIT_S = 60;
/** "If your request keeps failing, wait at least one minute" (GitHub, "Rate limits for the REST API"). */
const UNTOLD_WAIT_S = 60;

/**
 * Seconds after which GitHub wants to be asked again when a request ran into a rate limit; `null` when it did not, or
 * when that is too long. A secondary limit is a 403 or a 429, with `retry-after` or without; a primary one tells in
 * `x-ratelimit-reset` when it ends (GitHub, "Best practices for using the REST API"). `now` is epoch milliseconds.
 */
export const rateLimitWait = (error: unknown, now: number): number | null => {
  const status = isJson(error) ? field(error, "status") : undefined;
  if (status !== 403 && status !== 429) return null;
  const response = isJson(error) ? field(error, "response") : undefined;
  const headers = isJson(response) ? field(response, "headers") : undefined;
  const after = secondsIn(headers, "retry-after");
  const isSpent = secondsIn(headers, "x-ratelimit-remaining") === 0;
  const reset = isSpent ? secondsIn(headers, "x-ratelimit-reset") : null;
  const untold = status === 429 || /rate limit/i.test(error instanceof Error ? error.message : "");
  const wait = after ?? (reset === null ? (untold ? UNTOLD_WAIT_S : null) : Math.max(0, reset - now / 1000));
  return wait === null || wait > LONGEST_WAIT_S ? null : wait;
};

const secondsIn = (headers: unknown, name: string): number | null => {
  const text = isJson(headers) ? field(headers, name) : undefined;
  const value = Number(text);
  return text === undefined || text === "" || !Number.isFinite(value) || value < 0 ? null : value;
};
