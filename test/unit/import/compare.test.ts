import { describe, expect, it } from "vitest";
import { parseLimits } from "../../../src/config/parse-limits.ts";
import { comparedFiles } from "../../../src/gate/baseline-file.ts";
import { judgeRecords } from "../../../src/gate/judge-record.ts";
import type { Judgement } from "../../../src/judge/verdict.ts";
import { summarise } from "../../../src/record/summarise.ts";
import { jtl, recordOf, sampleFile, times } from "./import-text.ts";

/** The judgement that `compare` reaches over two texts; files of the same content have the same digest. */
const judged = async (base: string, head: string, limits = ""): Promise<Judgement> => {
  const own = parseLimits(limits);
  if (!own.ok) throw new Error("bad limits");
  const digests = base === head ? ["a", "a"] : ["a", "b"];
  const [one, other] = await Promise.all(
    [base, head].map((text, at) => recordOf(text, { digest: (digests[at] ?? "").repeat(64) })),
  );
  if (one === undefined || other === undefined) throw new Error("no records");
  const baseline = comparedFiles([{ path: "base", runs: [summarise(one)] }], [other]);
  const gate = {
    limits: own.value,
    failOn: "regression",
    onInconclusive: "warn",
    onInvalid: "fail",
    onNoBaseline: "warn",
  } as const;
  return judgeRecords({ gate, aws: { referenceRps: null, maxConcurrency: null } }, baseline, [other]);
};

const BASE = jtl(times(2000, 20));
const failing = (share: number): string =>
  jtl(times(2000, 20).map(({ ms }, at) => ({ ms, status: at % 100 < share * 100 ? 503 : 200 })));
const stats = (p50: number, failures = 0): string =>
  `Type,Name,Request Count,Failure Count,Requests/s,50%,90%,95%,99%\n,Aggregated,20000,${failures},200,${p50},${p50 * 2},${p50 * 3},${p50 * 4}\n`;

describe("a verdict over other tools' files", () => {
  it.each([
    ["the same file", BASE, BASE, "inconclusive, open"],
    ["a target three times as slow", BASE, jtl(times(2000, 60)), "fail, closed"],
    ["a target that fails one request in five", BASE, failing(0.2), "fail, closed"],
    ["a target that fails always", BASE, failing(1), "fail, closed"],
    ["both fail always", failing(1), failing(1), "invalid, closed"],
    ["a head of 20 requests", BASE, jtl(times(20, 20)), "invalid, closed"],
    ["a base of 20 requests", jtl(times(20, 20)), BASE, "invalid, closed"],
    ["a head that is only a header", BASE, jtl([]), "invalid, closed"],
    ["a base that is only a header", jtl([]), BASE, "invalid, closed"],
    ["both only headers", jtl([]), jtl([]), "invalid, closed"],
    ["percentiles twice as high", stats(40), stats(90), "fail, closed"],
    ["percentiles with 30 % failures on both sides", stats(40, 6000), stats(40, 6000), "inconclusive, open"],
    ["another preview's host", BASE, jtl(times(2000, 20), { host: "preview-2.example" }), "inconclusive, open"],
  ])("%s", async (_, base, head, said) => {
    const { verdict, gateOpen } = await judged(base, head);
    expect(`${verdict}, ${gateOpen ? "open" : "closed"}`).toBe(said);
  });

  it("the same file on both sides is judged, and named", async () => {
    expect((await judged(BASE, BASE)).notes.join()).toContain("same-record");
  });

  it("is pass where the limits are wide enough for what one run can show", async () => {
    const { verdict } = await judged(BASE, jtl(times(2000, 20), { host: "b" }), "p50: +60%; failure-rate: +1pp");
    expect(verdict).toBe("pass");
  });

  it("a gating metric that the file does not hold keeps the comparison from passing", async () => {
    const rows = Array.from({ length: 500 }, (_, at) => `0.${1000 + (at % 30)},0,0,0,0,0,200,${at}`);
    const hey = `response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read,status-code,offset\n${rows.join("\n")}\n`;
    const all = await judged(hey, hey, "p50: +60%");
    expect(all.verdict).toBe("inconclusive");
    expect(all.problems.map(({ code }) => code)).toEqual(["import-note", "not-in-import"]);
    expect((await judged(hey, hey, "p50: +60%; failure-rate: off")).verdict).toBe("pass");
  });
});

describe("what is not compared", () => {
  it.each([
    ["another tool", BASE, sampleFile("vegeta.csv"), "tool: jmeter in the baseline, vegeta here"],
    ["another definition of the same tool", sampleFile("k6.ndjson"), sampleFile("k6-handle.json"), "percentiles:"],
    [
      "other tasks",
      BASE,
      jtl(times(2000, 20).map(({ ms }) => ({ ms, label: "other" }))),
      "task orders is only in the baseline; task other is only in this change; 0 % of the requests",
    ],
    [
      "other users",
      sampleFile("autocannon.json"),
      sampleFile("autocannon.json").replace('"connections":2', '"connections":9'),
      "users: 2 in the baseline, 9 here",
    ],
  ])("%s is fingerprint-mismatch, with the difference", async (_, base, head, says) => {
    const { verdict, gateOpen, problems } = await judged(base, head);
    expect({ verdict, gateOpen }).toEqual({ verdict: "invalid", gateOpen: false });
    const found = problems.find(({ code }) => code === "fingerprint-mismatch");
    expect(found?.message).toContain(says);
  });
});
