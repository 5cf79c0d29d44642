import type { Problem } from "../errors.ts";
import type { Millis } from "../units.ts";
import type { NotReady, TransportCause } from "./readiness.ts";

/** The problem of a target that was not ready in time, with its last cause and the mend for it. */
export const notReadyProblem = (
  { url, timeout }: { readonly url: string; readonly timeout: Millis },
  last: NotReady,
): Problem => ({
  code: "target-not-ready",
  severity: "invalid",
  message: `${shownUrl(url)} was not ready within ${durationText(timeout)}: ${causeText(last)}.`,
  hint: hintOf(last),
});

/** The last cause as a clause that follows a colon: `it answers with status 503`. */
export const causeText = (last: NotReady): string => {
  switch (last.kind) {
    case "status":
      return `it answers with status ${last.status}`;
    case "commit":
      return last.text;
    case "transport":
      return `${last.text.includes("ECONNREFUSED") ? "the connection is refused" : TRANSPORT_TEXT[last.cause]} (${last.text})`;
  }
};

/** Origin and path: a query or user name may be secret. */
export const shownUrl = (url: string): string => {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
};

/** `5 min`, `1 min 30 s`, `10 s`, `0.5 s`. */
export const durationText = (time: Millis): string => {
  const whole = Math.round(time / 1000);
  if (whole < 60) return `${time < 1000 ? Math.round(time / 100) / 10 : whole} s`;
  const rest = whole % 60;
  return rest === 0 ? `${whole / 60} min` : `${Math.floor(whole / 60)} min ${rest} s`;
};

const TRANSPORT_TEXT: Readonly<Record<TransportCause, string>> = {
  dns: "its name does not resolve",
  connect: "no connection can be made",
  tls: "the TLS handshake fails",
  timeout: "it does not answer in time",
  reset: "the connection breaks before the answer is whole",
};

const TRANSPORT_HINT: Readonly<Record<TransportCause, string>> = {
  dns: "Check the host name in url; a new name may need longer to appear than ready-timeout.",
  connect: "Check host and port, that the target is deployed, and that this runner may reach it.",
  tls: "Check the certificate and its host name; add its authority with NODE_EXTRA_CA_CERTS, or set insecure for a test certificate.",
  timeout: "Look at the target's logs, or raise ready-timeout if it needs longer to start.",
  reset: "Look at the logs of the target and of what stands in front of it.",
};

/** The mend for it. */
export const hintOf = (last: NotReady): string => {
  if (last.kind === "transport") return TRANSPORT_HINT[last.cause];
  if (last.kind === "commit")
    return "The host still serves another build: check ready-commit, that this commit is deployed there, or raise ready-timeout.";
  const { status } = last;
  if (status === 401 || status === 403)
    return "A protected preview needs its access header in headers, for example x-vercel-protection-bypass; at API Gateway a 403 also means that the route or stage does not exist.";
  if (status === 404) return "Check url and ready-path: the path must exist on the deployment of this commit.";
  if (status >= 300 && status < 400)
    return "Redirects are not followed: give the final address as url, or allow the status with ready-status.";
  if (status === 429)
    return "The target or its firewall limits this runner: let it through, or probe another ready-path.";
  if (status >= 500) return "Look at the target's logs, or raise ready-timeout if it needs longer to start.";
  return "Check ready-path, or allow the status with ready-status.";
};
