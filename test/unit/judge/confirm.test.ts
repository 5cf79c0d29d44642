import { describe, expect, test } from "vitest";
import { confirmFails } from "../../../src/judge/confirm.ts";
import { judgePaired } from "../../../src/judge/paired.ts";
import { armOnce, loggedRounds, paired, rounds } from "./rounds.ts";
import { failures, POLICY, reason, said } from "./runs.ts";

const slow = (factor: number, count = 6) => judgePaired(paired(rounds(count, factor)));
const confirmed = (first: number, again: number) => confirmFails(slow(first, 12), slow(again), POLICY);

describe("a fail beside a second measurement with fresh connections", () => {
  test("that shows it again stands", () => {
    const result = confirmed(1.3, 1.3);
    expect(result).toMatchObject({ verdict: "fail", gateOpen: false, confirmation: "confirmed" });
    expect(reason(result, "p50")).toContain("seen again with fresh connections");
  });
  test("that shows it weaker but beyond doubt stands", () =>
    expect(confirmed(1.3, 1.07)).toMatchObject({ verdict: "fail", confirmation: "confirmed" }));
  test("that does not show it is suspected only", () => {
    const result = confirmed(1.3, 1);
    expect(result).toMatchObject({ verdict: "inconclusive", gateOpen: true, confirmation: "refuted" });
    expect(said(result, "p50")).toBe("inconclusive (suspected)");
    expect(reason(result, "p50")).toContain("but it was not seen again");
  });
  test("closes the gate all the same for whoever closes it for suspicions", () =>
    expect(confirmFails(slow(1.3, 12), slow(1), { ...POLICY, onInconclusive: "fail" }).gateOpen).toBe(false));
  test("that is no good refutes nothing", () => {
    const broken = judgePaired(paired(rounds(6, 1, { head: () => ({ valid: false }) })));
    expect(confirmFails(slow(1.3, 12), broken, POLICY)).toMatchObject({ verdict: "fail", confirmation: "unconfirmed" });
  });
  test("without AWS's figures leaves what they said", () => {
    const arms = { base: armOnce(70), head: armOnce(100) };
    const first = judgePaired(paired(rounds(12, 1), { arms }));
    expect(confirmFails(first, slow(1), POLICY)).toMatchObject({ verdict: "fail", confirmation: "confirmed" });
  });
  test("with REPORT lines by round holds AWS's figures against them", () => {
    const arms = { base: armOnce(70), head: armOnce(100) };
    const first = judgePaired(paired(loggedRounds(12, 1.4), { arms }));
    const again = (factor: number) => confirmFails(first, judgePaired(paired(loggedRounds(6, factor))), POLICY);
    expect([again(1.4), again(1)].map((result) => result.confirmation)).toEqual(["confirmed", "refuted"]);
    const few = judgePaired(paired(loggedRounds(6, 1, (i) => i < 5)));
    expect(confirmFails(first, few, POLICY).confirmation).toBe("confirmed");
  });
  test("each metric answers for itself", () => {
    const failing = { head: () => ({ counts: { "failure-rate": failures(20, 600) } }) };
    const first = judgePaired(paired(rounds(12, 1.3, failing)));
    const result = confirmFails(first, judgePaired(paired(rounds(6, 1, failing))), POLICY);
    expect([said(result, "p50"), said(result, "failure-rate")]).toEqual(["inconclusive (suspected)", "fail"]);
    expect(result.verdict).toBe("fail");
  });
  test("an absolute bound is seen again when it is broken again", () => {
    const bound = (factor: number, count: number) =>
      judgePaired(paired(rounds(count, factor), { limits: "p50: <= 110ms" }));
    expect(confirmFails(bound(2, 12), bound(1.2, 6), POLICY).verdict).toBe("fail");
    expect(confirmFails(bound(2, 12), bound(1, 6), POLICY).confirmation).toBe("refuted");
  });
  test("what did not fail needs no confirmation", () => {
    const passed = slow(1, 12);
    expect(confirmFails(passed, slow(2), POLICY)).toBe(passed);
  });
});
