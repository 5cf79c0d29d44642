import { describe, expect, it } from "vitest";
import {
  functionProgress,
  type Rollout,
  rolloutStep,
  serviceProgress,
  stackProgress,
} from "../../../src/target/rollout.ts";
import { epochMs, millis } from "../../../src/units.ts";

const live: Rollout = {
  ...{ name: "orders", state: "Active", stateReason: null, updateStatus: "Successful", updateReason: null },
  ...{ weights: {}, provisioned: null },
};
const kept = { requested: 5, available: 5, status: "READY", reason: null };

describe("functionProgress", () => {
  it.each([
    ["active and updated", {}, "live"],
    ["idle: probes wake it", { state: "Inactive" }, "live"],
    ["nothing known", { state: null, updateStatus: null }, "live"],
    ["provisioned environments ready", { provisioned: kept }, "live"],
    ["being created", { state: "Pending" }, "coming"],
    ["being updated, so the old code answers", { updateStatus: "InProgress" }, "coming"],
    ["a canary", { weights: { "7": 0.1 } }, "coming"],
    ["provisioned environments starting", { provisioned: { ...kept, available: 2, status: "IN_PROGRESS" } }, "coming"],
    ["failed", { state: "Failed" }, "failed"],
    ["update failed", { updateStatus: "Failed" }, "failed"],
    ["provisioning failed", { provisioned: { ...kept, status: "FAILED" } }, "failed"],
    ["failed beats coming", { updateStatus: "InProgress", state: "Failed" }, "failed"],
  ] as const)("%s", (_, change, kind) => {
    expect(functionProgress({ ...live, ...change }).kind).toBe(kind);
  });

  it("says the reason", () => {
    expect(functionProgress({ ...live, state: "Failed", stateReason: "SubnetOutOfIPAddresses: none left." })).toEqual({
      kind: "failed",
      text: "orders is in state Failed (SubnetOutOfIPAddresses: none left)",
    });
  });
});

describe("serviceProgress", () => {
  const complete = { status: "ACTIVE", rollout: "COMPLETED", rolloutReason: null, desired: 2, running: 2 };
  it.each([
    ["complete, all tasks run", {}, "live"],
    ["by CodeDeploy, which tells no rolloutState", { rollout: null }, "live"],
    ["nothing known", { status: null, rollout: null, desired: null, running: null }, "live"],
    ["no tasks wanted, none run", { desired: 0, running: 0 }, "live"],
    ["in progress, so tasks of the old code answer too", { rollout: "IN_PROGRESS" }, "coming"],
    ["tasks missing", { running: 1 }, "coming"],
    ["tasks of the old code not yet gone", { running: 3 }, "coming"],
    ["by CodeDeploy, tasks missing", { rollout: null, running: 1 }, "coming"],
    ["failed", { rollout: "FAILED" }, "failed"],
    ["being removed", { status: "DRAINING" }, "failed"],
    ["removed", { status: "INACTIVE", desired: 0, running: 0 }, "failed"],
  ] as const)("%s", (_, change, kind) => {
    expect(serviceProgress("main/shop", { ...complete, ...change }).kind).toBe(kind);
  });
});

describe("stackProgress", () => {
  it.each([
    ["CREATE_COMPLETE", "live"],
    ["UPDATE_COMPLETE", "live"],
    ["IMPORT_COMPLETE", "live"],
    ["UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "live"],
    ["CREATE_IN_PROGRESS", "coming"],
    ["UPDATE_IN_PROGRESS", "coming"],
    ["REVIEW_IN_PROGRESS", "coming"],
    ["ROLLBACK_COMPLETE", "failed"],
    ["UPDATE_ROLLBACK_IN_PROGRESS", "failed"],
    ["UPDATE_ROLLBACK_COMPLETE", "failed"],
    ["CREATE_FAILED", "failed"],
    ["DELETE_IN_PROGRESS", "failed"],
  ])("%s is %s", (status, kind) => {
    expect(stackProgress("preview", status, null).kind).toBe(kind);
  });
});

describe("rolloutStep", () => {
  const rules = { timeout: millis(60_000), deadline: epochMs(100_000) };
  const coming = { kind: "coming", text: "a is being updated" } as const;

  it("nothing to wait for is ready, also after the deadline", () => {
    expect(rolloutStep(rules, [{ kind: "live" }], epochMs(200_000))).toEqual({ kind: "ready" });
    expect(rolloutStep(rules, [], epochMs(0))).toEqual({ kind: "ready" });
  });

  it("waits, never past the deadline", () => {
    expect(rolloutStep(rules, [coming, coming], epochMs(98_500))).toEqual({
      ...{ kind: "wait", text: "a is being updated and 1 more", time: 1_500 },
    });
    expect(rolloutStep(rules, [coming], epochMs(0))).toMatchObject({ time: 5_000 });
  });

  it("gives up at the deadline, and at once for what failed", () => {
    expect(rolloutStep(rules, [coming], epochMs(100_000))).toMatchObject({
      problem: { code: "target-not-ready", message: "The deployment was not ready within 1 min: a is being updated." },
    });
    expect(rolloutStep(rules, [coming, { kind: "failed", text: "b failed" }], epochMs(0))).toMatchObject({
      problem: { severity: "invalid", message: "The deployment failed: b failed." },
    });
  });
});
