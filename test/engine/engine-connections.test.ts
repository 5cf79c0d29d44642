import { afterEach, expect, test } from "vitest";
import { seconds } from "../../src/units.ts";
import { get, planFor, runLoad, startTarget, type Target } from "./engine-harness.ts";

let target: Target | null = null;
afterEach(() => target?.stop());

test("each user has one connection and keeps it over its waits", async () => {
  target = await startTarget();
  const wait = { kind: "constant", seconds: seconds(1) } as const;
  const result = await runLoad(planFor(target, { users: 7, runTime: seconds(3.5), waitTime: wait }));
  expect((await target.counts()).accepted).toBe(7);
  expect(result.totals.connections).toMatchObject({ opened: 7, reopened: 0, tlsMs: null });
  expect(result.totals.connections.connectMs?.p50).toBeGreaterThan(0);
  expect(result.totals.requests).toBe(28);
});

test("a wait longer than undici's usual four seconds does not reconnect", async () => {
  target = await startTarget();
  // Node's server announces that it closes an idle connection after 5 s.
  const wait = { kind: "constant", seconds: seconds(4.3) } as const;
  const result = await runLoad(planFor(target, { users: 2, runTime: seconds(5), waitTime: wait }));
  expect(result.totals.connections).toMatchObject({ opened: 2, reopened: 0 });
  expect(result.totals.requests).toBe(4);
});

test("connections that the target closes are opened again, and counted", async () => {
  target = await startTarget();
  const result = await runLoad(planFor(target, { users: 2, tasks: [get("/close")], runTime: seconds(1) }));
  const { requests, accepted } = await target.counts();
  expect(result.totals.outcomes.ok).toBe(requests);
  expect(result.totals.connections.opened).toBe(2);
  expect(2 + result.totals.connections.reopened).toBe(accepted);
  expect(accepted).toBe(requests);
});

test("over TLS with HTTP/2 offered, users still have a connection each, and handshakes are measured", async () => {
  target = await startTarget("h2");
  const result = await runLoad(planFor(target, { users: 6, insecure: true }));
  expect((await target.counts()).accepted).toBe(6);
  expect(result.totals.outcomes.ok).toBe(result.totals.requests);
  expect(result.totals.connections).toMatchObject({ opened: 6, reopened: 0 });
  expect(result.totals.connections.tlsMs?.p50).toBeGreaterThan(0);
});

test("HTTP/2 when asked for: one connection per user as well", async () => {
  target = await startTarget("h2");
  const result = await runLoad(planFor(target, { users: 3, insecure: true, http2: true }));
  const seen = await target.counts();
  expect(seen.accepted).toBe(3);
  expect(result.totals.outcomes.ok).toBe(result.totals.requests);
  expect(result.totals.requests).toBe(seen.requests);
});

test("bytes over TLS are those of the messages, not of the records", async () => {
  target = await startTarget("https");
  const result = await runLoad(planFor(target, { tasks: [get("/large?n=50000")], insecure: true, maxRequests: 8 }));
  expect(result.totals.bytes.received / 8).toBeGreaterThan(50_000);
  expect(result.totals.bytes.received / 8).toBeLessThan(50_400);
});
