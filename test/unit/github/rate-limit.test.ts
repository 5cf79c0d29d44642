import { expect, it } from "vitest";
import { rateLimitWait } from "../../../src/adapters/github/rate-limit.ts";

const NOW = 1_700_000_000_000;
const refusal = (status: number, headers: Readonly<Record<string, string>>, message = "Forbidden"): Error =>
  Object.assign(new Error(message), { status, response: { headers } });
const SECONDARY = "You have exceeded a secondary rate limit.";

it.each([
  ["a secondary limit that says when", refusal(403, { "retry-after": "7" }, SECONDARY), 7],
  ["a secondary limit that does not", refusal(403, {}, SECONDARY), 60],
  ["too many requests", refusal(429, { "retry-after": "3" }), 3],
  ["too many requests, nothing said", refusal(429, {}), 60],
  [
    "a spent primary limit that ends soon",
    refusal(403, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1700000010" }),
    10,
  ],
  [
    "a spent limit that has ended by our clock",
    refusal(403, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1699999990" }),
    0,
  ],
  [
    "a spent primary limit that ends in an hour",
    refusal(403, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1700003600" }),
    null,
  ],
  ["a wait of ten minutes", refusal(403, { "retry-after": "600" }, SECONDARY), null],
  ["a header that is no number falls back to the minute", refusal(429, { "retry-after": "soon" }), 60],
  ["a token that may not", refusal(403, { "x-ratelimit-remaining": "4999" }, "Resource not accessible"), null],
  ["a failing service", refusal(502, { "retry-after": "1" }), null],
  ["no answer at all", new Error("ECONNRESET"), null],
])("waits for %s", (_, error, seconds) => {
  expect(rateLimitWait(error, NOW)).toBe(seconds);
});
