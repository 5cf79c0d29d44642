import { describe, expect, test } from "vitest";
import { expectedRequests } from "../../../src/cloud/expectation.ts";
import { noOutcomes, type OutcomeCounts } from "../../../src/load/outcome.ts";
import { epochMs } from "../../../src/units.ts";
import { loadResult } from "../target/load-result.ts";

const probe = (at: number, connected = true) => ({ at: epochMs(at), connected, status: connected ? 200 : null });

describe("how many requests Lambda must have seen", () => {
  test.each<[string, Partial<OutcomeCounts>, Partial<OutcomeCounts>, [number, number]]>([
    ["answers of the function are certain", { ok: 100, "check-failed": 5 }, {}, [105, 105]],
    ["the warm-up counts", { ok: 100 }, { ok: 12 }, [112, 112]],
    [
      "what never connected does not",
      { ok: 10, "connect-error": 1, "tls-error": 2, "dns-error": 3, "local-error": 4 },
      {},
      [10, 10],
    ],
    ["what was cut short may have arrived", { ok: 10, timeout: 1, reset: 2, aborted: 4 }, { aborted: 1 }, [10, 18]],
    [
      "what the front end may have answered itself",
      { ok: 10, throttled: 1, "client-error": 2, "server-error": 4, redirected: 8 },
      {},
      [10, 25],
    ],
    ["nothing", {}, {}, [0, 0]],
  ])("%s", (_, window, warm, [atLeast, atMost]) => {
    expect(expectedRequests(loadResult(window, { warm }), [])).toEqual({ atLeast, atMost });
  });

  test("whatever the engine sent counts: the burst before the window, setups and teardowns", () => {
    const sent = (counts: Partial<OutcomeCounts>) => ({
      requests: 0,
      outcomes: { ...noOutcomes(), ...counts },
      failedUsers: 0,
      rows: [],
    });
    const load = loadResult(
      { ok: 100 },
      { preWarm: sent({ ok: 1 }), setup: sent({ ok: 2 }), teardown: sent({ timeout: 4 }) },
    );
    expect(expectedRequests(load, [])).toEqual({ atLeast: 103, atMost: 107 });
  });

  test("probes may have reached the function, inside the minutes asked about and when they connected", () => {
    // The load begins at 55 s, so the minutes begin at 0.
    const probes = [probe(-5_000), probe(1_000), probe(2_000, false), probe(54_000)];
    expect(expectedRequests(loadResult({ ok: 50 }), probes)).toEqual({ atLeast: 50, atMost: 52 });
  });

  test("a run that sent nothing but probes has nothing to reconcile", () => {
    expect(expectedRequests(loadResult({}), [probe(1_000)])).toEqual({ atLeast: 0, atMost: 0 });
    expect(expectedRequests(loadResult({ "dns-error": 9 }), [probe(1_000)])).toEqual({ atLeast: 0, atMost: 0 });
  });
});
