import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import type { OutcomeClass } from "../../outcome.ts";
import { errorText } from "./load-module.ts";

/** Thrown into a task when a request of it has no complete answer, or not the one that it expects. */
export class RequestFailed extends Error {
  readonly outcome: OutcomeClass;

  constructor(row: string, outcome: OutcomeClass) {
    super(`${row}: ${outcome}`);
    this.name = "RequestFailed";
    this.outcome = outcome;
  }
}

/** What was thrown, and in which line of the module: `no token (checkout.ts:12)`. */
export const failureText = (error: unknown, url: string): string => {
  const stack = error instanceof Error ? String(error.stack) : "";
  const at = stack.indexOf(`${url}:`);
  const line = at < 0 ? "" : /^\d+/.exec(stack.slice(at + url.length + 1))?.[0];
  return `${errorText(error)}${line ? ` (${basename(fileURLToPath(url))}:${line})` : ""}`;
};
