import { answerOf } from "../../scenario/answer.ts";
import type { Scope } from "../../scenario/scenario.ts";
import { millis } from "../../units.ts";
import { classifyStatus } from "../classify.ts";
import type { OutcomeClass } from "../outcome.ts";
import type { Answer } from "./transport.ts";
import type { WorkRequest } from "./work.ts";

export type Judged = { readonly outcome: OutcomeClass; readonly reason: string | null };

/**
 * The class of a complete answer: its status first, unless the step lists that status itself; then what the step expects,
 * then what it captures. `reason` says which check failed.
 */
export const judgeAnswer = (
  { rules }: WorkRequest,
  answer: Answer,
  { elapsed, scope }: { readonly elapsed: number; readonly scope: Scope | null },
): Judged => {
  if (rules === null || scope === null) return BY_STATUS[classifyStatus(answer.status)];
  const outcome = rules.wantsStatus(answer.status) ? "ok" : classifyStatus(answer.status);
  if (outcome !== "ok") return BY_STATUS[outcome];
  const { status } = answer;
  const header = (name: string): string | null => answer.header(name);
  // Reading the body decodes it: not for a step that looks at the status only.
  const seen = answerOf({ status, header, body: rules.needsBody ? answer.body : null });
  const reason = rules.check(seen, millis(elapsed), scope) ?? rules.capture(seen, scope);
  if (reason === null) return BY_STATUS.ok;
  const problem = rules.needsBody ? answer.bodyProblem : null;
  return { outcome: "check-failed", reason: problem === null ? reason : `${reason}: ${problem}` };
};

const judged = (outcome: OutcomeClass): Judged => ({ outcome, reason: null });

/** One object per class, so that judging a plain answer allocates nothing. */
const BY_STATUS: Readonly<Record<OutcomeClass, Judged>> = {
  ok: judged("ok"),
  "check-failed": judged("check-failed"),
  throttled: judged("throttled"),
  redirected: judged("redirected"),
  "client-error": judged("client-error"),
  "server-error": judged("server-error"),
  timeout: judged("timeout"),
  "connect-error": judged("connect-error"),
  reset: judged("reset"),
  "tls-error": judged("tls-error"),
  "dns-error": judged("dns-error"),
  aborted: judged("aborted"),
  "local-error": judged("local-error"),
};
