import type { LoadPlan, TaskPlan } from "../plan.ts";
import { encodeRequest, mergeHeaders } from "./encode-request.ts";
import type { PreparedRequest } from "./transport.ts";

/** The request of a task that is the same every time, written down once. */
export const prepareRequest = (plan: LoadPlan, task: TaskPlan): PreparedRequest => {
  const { method, path, headers, body } = task.request;
  return encodeRequest({
    method,
    path,
    host: new URL(plan.origin).host,
    headers: mergeHeaders({ "user-agent": plan.userAgent }, plan.headers, headers),
    body,
    keep: "sample",
  });
};
