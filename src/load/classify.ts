import type { OutcomeClass } from "./outcome.ts";

/** How far a connection had come when its error was raised. */
export type ConnectionPhase = "connect" | "tls" | "exchange";

/**
 * The class of a complete answer. 304 is what a caching client wants; 429 is what Lambda function URLs and API Gateway
 * answer when throttled (AWS, "Lambda function URLs: throttling"). 1xx never ends a request and would be a broken answer.
 */
export const classifyStatus = (status: number): OutcomeClass => {
  if (status === 304 || (status >= 200 && status < 300)) return "ok";
  if (status === 429) return "throttled";
  if (status >= 300 && status < 400) return "redirected";
  if (status >= 400 && status < 500) return "client-error";
  if (status >= 500) return "server-error";
  return "reset";
};

/**
 * The class of a request without a complete answer, by the error's code and how far the connection was. Codes that mean
 * the same everywhere come first; the rest is told by the phase, so that an unknown code still lands where it belongs.
 */
export const classifyError = (code: string, phase: ConnectionPhase): OutcomeClass => {
  const known = BY_CODE.find(([pattern]) => pattern.test(code));
  return known === undefined ? BY_PHASE[phase] : known[1];
};

const BY_CODE: readonly (readonly [RegExp, OutcomeClass])[] = [
  // Ours: file descriptors, ports and buffers of this machine, or a request that cannot be written down.
  [/^(EMFILE|ENFILE|EADDRNOTAVAIL|EADDRINUSE|ENOBUFS|ENOMEM|EACCES|EPERM|UND_ERR_INVALID_ARG)$/, "local-error"],
  [/^(ENOTFOUND|EAI_\w+|ENODATA|ESERVFAIL|EBADNAME|ADDRESS_REFUSED)$/, "dns-error"],
  [/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|UND_ERR_CONNECT_TIMEOUT)$/, "connect-error"],
  [/^(EPROTO|ERR_SSL_\w+|ERR_TLS_\w+|CERT_\w+|\w*SELF_SIGNED_CERT\w*|UNABLE_TO_\w+)$/, "tls-error"],
  [/^(ECONNRESET|EPIPE|UND_ERR_SOCKET|HPE_\w+)$/, "reset"],
];

/** ETIMEDOUT, for one, is a connection that never came about or one that went away. */
const BY_PHASE: Readonly<Record<ConnectionPhase, OutcomeClass>> = {
  connect: "connect-error",
  tls: "tls-error",
  exchange: "reset",
};
