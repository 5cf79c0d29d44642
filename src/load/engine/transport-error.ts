import type { ConnectionPhase } from "../classify.ts";
import type { TransportError } from "./transport.ts";

/** A request that cannot be written down; undici's code for it, which `classifyError` knows as ours. */
export const UNSENDABLE = "UND_ERR_INVALID_ARG";
/** The server closed before its answer was complete. */
export const CONNECTION_CLOSED = "CONNECTION_CLOSED";
/** The answer cannot be read: not HTTP, bad framing, a header or a body beyond the limits. */
export const BAD_ANSWER = "BAD_ANSWER";

/** What a socket or undici reported, with its own code. */
export const transportError = (error: Error & { readonly code?: unknown }, phase: ConnectionPhase): TransportError => ({
  code: typeof error.code === "string" ? error.code : error.name,
  message: messageOf(error),
  phase,
});

/** The request was never sent, whatever the connection. */
export const unsendable = (problem: string): TransportError => ({
  code: UNSENDABLE,
  message: problem,
  phase: "connect",
});

/** Node reports a name with several addresses, none of which answers, as an AggregateError without a message. */
const messageOf = (error: Error): string =>
  error instanceof AggregateError ? error.errors.map((each: unknown) => String(each)).join("; ") : error.message;
