import type { ProbeAnswer } from "../../ports.ts";

type Failure = Extract<ProbeAnswer, { readonly kind: "error" }>;

const CAUSES: Readonly<Record<string, Failure["cause"]>> = {
  ENOTFOUND: "dns",
  EAI_AGAIN: "dns",
  EAI_NODATA: "dns",
  EAI_NONAME: "dns",
  EAI_FAIL: "dns",
  ECONNREFUSED: "connect",
  EHOSTUNREACH: "connect",
  ENETUNREACH: "connect",
  EADDRNOTAVAIL: "connect",
  EACCES: "connect",
  ETIMEDOUT: "timeout",
  EPROTO: "tls",
};

/**
 * What broke, from Node's error. A connection that ends during the TLS handshake has the same code as every other reset, so
 * the caller says whether it was still shaking hands.
 */
export const transportCause = (error: unknown, handshaking: boolean): Failure => {
  const { code, message } = plainError(error);
  return { kind: "error", cause: CAUSES[code] ?? causeByStage(code, handshaking), text: firstLine(message || code) };
};

const causeByStage = (code: string, handshaking: boolean): Failure["cause"] =>
  handshaking || /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_)/.test(code) ? "tls" : "reset";

const plainError = (error: unknown): { readonly code: string; readonly message: string } => ({
  code: error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "",
  message: error instanceof Error ? error.message : "the request failed",
});

const firstLine = (text: string): string => (text.split("\n", 1)[0] ?? "").slice(0, 200);
