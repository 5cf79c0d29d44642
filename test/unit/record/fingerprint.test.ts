import { describe, expect, test } from "vitest";
import type { LoadPlan } from "../../../src/load/plan.ts";
import { testFingerprint } from "../../../src/record/fingerprint.ts";
import { perSecond, seconds } from "../../../src/units.ts";
import { plan } from "./sample-record.ts";

const withRequest = (change: Partial<LoadPlan["tasks"][number]["request"]>): LoadPlan => {
  const [task] = plan().tasks;
  if (task === undefined) throw new Error("the sample plan has a task");
  return plan({ tasks: [{ ...task, request: { ...task.request, ...change } }] });
};

describe("the test fingerprint", () => {
  const secrets = ["s3cr3t-token", "another-token"];
  const base = testFingerprint(plan(), secrets);

  test.each<[string, LoadPlan]>([
    ["another host: every preview has its own", plan({ origin: "https://other.example.com" })],
    ["a new token in the path", withRequest({ path: "/orders?key=another-token" })],
    ["another run's user agent", plan({ userAgent: "swarmgate/0.1.0 (run-2)" })],
    ["a header's name in other case", withRequest({ headers: { ACCEPT: "text/html" } })],
  ])("is the same for %s", (_, other) => {
    expect(testFingerprint(other, secrets)).toEqual(base);
  });

  test.each<[string, LoadPlan]>([
    ["more users", plan({ users: 21 })],
    ["another spawn rate", plan({ spawnRate: perSecond(5) })],
    ["another wait time", plan({ waitTime: { kind: "constant_pacing", seconds: seconds(0.5) } })],
    ["another seed", plan({ seed: 2 })],
    ["HTTP/2", plan({ http2: true })],
    ["a rate", plan({ rate: { perSecond: perSecond(10), spacing: "constant" } })],
    ["stages", plan({ stages: { of: "users", profile: [{ seconds: seconds(20), from: 0, to: 20 }] } })],
    ["a burst before the window", plan({ preWarm: 10 })],
    ["another method", withRequest({ method: "HEAD" })],
    ["another path", withRequest({ path: "/orders" })],
    ["one more header", withRequest({ headers: { Accept: "*/*", "X-Debug": "1" } })],
    ["a body", withRequest({ body: "{}" })],
  ])("differs for %s", (_, other) => {
    expect(testFingerprint(other, secrets)).not.toEqual(base);
  });

  test("tells bodies of one length apart, but not by a secret in them", () => {
    const bodyOf = (body: string) => testFingerprint(withRequest({ body }), secrets).tasks;
    expect(bodyOf('{"a":1}')).not.toEqual(bodyOf('{"a":2}'));
    expect(bodyOf('{"t":"s3cr3t-token"}')).toEqual(bodyOf('{"t":"another-token"}'));
  });
});
