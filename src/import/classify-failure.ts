import { classifyStatus } from "../load/classify.ts";
import type { OutcomeClass } from "../load/outcome.ts";

/**
 * The class of a request by what its tool wrote down: the status decides, whatever the tool calls a success (a redirect
 * that it followed is still another endpoint). A good status that the tool counts as failed did not pass a check.
 */
export const classifyImported = (found: {
  readonly status: number | null;
  readonly failed: boolean;
  readonly text: string;
}): OutcomeClass => {
  if (found.status === null) return found.failed ? classifyText(found.text) : "ok";
  const outcome = classifyStatus(found.status);
  if (outcome !== "ok") return outcome;
  if (!found.failed) return "ok";
  return found.text === "" ? "check-failed" : brokenAnswer(found.text);
};

/** The class of a request without a status by the error's words: those of Go, Java, Python, Node and Rust. */
export const classifyText = (text: string): OutcomeClass =>
  BY_WORDS.find(([pattern]) => pattern.test(text))?.[1] ?? "reset";

/** A status came and then the exchange broke, or a check failed: only the words can tell. */
const brokenAnswer = (text: string): OutcomeClass => {
  const found = BY_WORDS.find(([pattern]) => pattern.test(text))?.[1];
  return found ?? "check-failed";
};

/** In this order: a message often holds several of the words, the first that matches is the nearest cause. */
const BY_WORDS: readonly (readonly [RegExp, OutcomeClass])[] = [
  [/too many open files|EMFILE|ENFILE|cannot assign requested address|EADDRNOTAVAIL|BindException/i, "local-error"],
  [
    /no such host|ENOTFOUND|EAI_|UnknownHost|getaddrinfo|name resolution|name or service|dns error|\bdns\b/i,
    "dns-error",
  ],
  [/x509|certificate|\btls\b|\bssl|SSLError|SSLHandshake|handshake failure/i, "tls-error"],
  [
    /connection refused|ECONNREFUSED|HttpHostConnect|ConnectException|NoRouteToHost|no route to host|unreachable|failed to establish|connect timed out|ConnectTimeout|dial(?: tcp)?[^"]*(?:timeout|timed out)/i,
    "connect-error",
  ],
  // The tool's own end of time only: Python's "Connection aborted" and Java's "connection abort" are the target's doing.
  [/context canceled|aborted due to deadline|InterruptedException/i, "aborted"],
  [/time-?out|timed ?out|deadline exceeded|ETIMEDOUT/i, "timeout"],
  [
    /reset|\bEOF\b|broken pipe|EPIPE|RemoteDisconnected|NoHttpResponse|connection closed|socket closed|IncompleteRead|hang up/i,
    "reset",
  ],
];
