import type { LoadPlan, TaskPlan } from "../plan.ts";
import type { PreparedRequest } from "./transport.ts";

/** Merges headers inner over outer, names without case, and measures what will be sent. */
export const prepareRequest = (plan: LoadPlan, task: TaskPlan): PreparedRequest => {
  const { method, path, body } = task.request;
  const merged = new Map<string, readonly [string, string]>([["user-agent", ["user-agent", plan.userAgent]]]);
  for (const [name, value] of [...Object.entries(plan.headers), ...Object.entries(task.request.headers)]) {
    merged.set(name.toLowerCase(), [name, value]);
  }
  const headers = [...merged.values()].flat();
  const bytes = body === null ? null : Buffer.from(body);
  return { method, path, headers, body: bytes, bytes: sizeOf({ method, path, merged, origin: plan.origin, bytes }) };
};

/** The transport adds `host`, `connection: keep-alive` and, with a body, `content-length`. */
const sizeOf = (request: {
  readonly method: string;
  readonly path: string;
  readonly merged: ReadonlyMap<string, readonly [string, string]>;
  readonly origin: string;
  readonly bytes: Uint8Array | null;
}): number => {
  const lines = [...request.merged.values()].map(([name, value]) => `${name}: ${value}`);
  if (!request.merged.has("host")) lines.push(`host: ${new URL(request.origin).host}`);
  if (request.bytes !== null) lines.push(`content-length: ${request.bytes.length}`);
  const head = [`${request.method} ${request.path} HTTP/1.1`, ...lines, "connection: keep-alive", "", ""].join("\r\n");
  return Buffer.byteLength(head, "latin1") + (request.bytes?.length ?? 0);
};
