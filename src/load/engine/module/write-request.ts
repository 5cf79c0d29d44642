import { compileCheck, wantsStatus } from "../../../scenario/check-answer.ts";
import type { ModuleRequest } from "../../../scenario/module-request.ts";
import type { LoadPlan } from "../../plan.ts";
import { encodeRequest, mergeHeaders } from "../encode-request.ts";
import type { Answer } from "../transport.ts";
import type { WorkRequest } from "../work.ts";

/**
 * A module's request as the engine sends it; `seen` is called with the complete answer before it is judged. Throws a
 * `TypeError` for what cannot be sent, like everything else that is wrong with a request.
 */
export const writeRequest = (
  plan: LoadPlan,
  asked: ModuleRequest,
  { row, seen }: { readonly row: number; readonly seen: (answer: Answer) => void },
): WorkRequest => {
  const { method, path, body, origin, expect } = asked;
  // The target's own headers never go to another origin.
  const headers = mergeHeaders({ "user-agent": plan.userAgent }, origin === null ? plan.headers : {}, asked.headers);
  const host = new URL(origin ?? plan.origin).host;
  const prepared = encodeRequest({ method, path, host, headers, body, keep: "body" });
  if (prepared.problem !== null) throw new TypeError(`${prepared.problem}.`);
  return {
    kind: "request",
    row,
    origin,
    timeout: asked.timeout ?? plan.timeout,
    follow: asked.follow,
    rules:
      expect === null
        ? null
        : {
            needsBody: true,
            wantsStatus: (status) => wantsStatus(expect, status),
            check: compileCheck(expect),
            capture: () => null,
          },
    prepared,
    prepare: () => prepared,
    seen,
  };
};
