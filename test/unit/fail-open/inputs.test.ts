import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { COMMANDS } from "../../../src/config/commands.ts";
import { parseFlags } from "../../../src/config/flags.ts";
import { compareCommand } from "../../../src/entry/commands/compare.ts";
import type { Streams } from "../../../src/entry/streams.ts";
import { ExitCode, type Problem, UserError } from "../../../src/errors.ts";
import type { RunRecord } from "../../../src/record/record.ts";
import { latency, load, outcomes, record } from "../record/sample-record.ts";

/** A healthy run of 2,000 requests around 20 ms; `change` spoils it. */
const healthy = (id: string, change: (fine: RunRecord) => unknown = (fine) => fine): unknown => {
  const times = latency(...Array.from({ length: 2000 }, (_, i) => 15 + (i % 10)));
  const totals = { ...load().totals, requests: 2000, outcomes: outcomes({ ok: 2000 }) };
  return change(record({ id, load: load({ response: times, service: times, totals }) }));
};

const folder = mkdtempSync(join(tmpdir(), "swarmgate-inputs-"));
let files = 0;
const file = (content: unknown): string => {
  files += 1;
  const path = join(folder, `${files}.json`);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
};

type Outcome = {
  readonly exit: number;
  readonly verdict: string | null;
  readonly problems: readonly Problem[];
  readonly text: string;
};

const compare = async (...args: readonly string[]): Promise<Outcome> => {
  const command = COMMANDS.find(({ name }) => name === "compare");
  if (command === undefined) throw new Error("compare is gone");
  const out: string[] = [];
  const streams: Streams = {
    out: (written) => void out.push(written),
    err: () => undefined,
    outSize: () => null,
    errSize: () => null,
    colour: false,
    errColour: false,
    ask: null,
    env: {},
  };
  const flags = parseFlags(command, [...args, "--json"]);
  if (!flags.ok) return { exit: ExitCode.usage, verdict: null, problems: flags.problems, text: "" };
  try {
    const exit = await compareCommand(flags.value, streams);
    const result = JSON.parse(out.join("")) as { verdict: string; problems: readonly Problem[] };
    return { exit, verdict: result.verdict, problems: result.problems, text: out.join("") };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { exit: ExitCode.usage, verdict: null, problems: error.problems, text: error.message };
  }
};

const base = () => file(healthy("base"));
const text = JSON.stringify(healthy("head"));

describe("an input that cannot carry a verdict never passes: a code, a hint, exit 2 or 3", () => {
  const cases: readonly (readonly [string, () => string, number, string])[] = [
    ["an empty file", () => file(""), 2, "import-unreadable"],
    ["a file that is not there", () => join(folder, "nowhere.json"), 2, "record-unreadable"],
    ["a truncated record", () => file(text.slice(0, text.length / 2)), 2, "record-invalid"],
    ["NaN where a figure belongs", () => file(text.replace(/"p50":[\d.]+/, '"p50":NaN')), 2, "record-invalid"],
    ["a negative time", () => file(text.replace(/"p50":[\d.]+/, '"p50":-3')), 2, "record-invalid"],
    ["an infinite rate", () => file(text.replace(/"rate":[\d.]+/, '"rate":1e999')), 2, "record-invalid"],
    ["another schema", () => file({ ...JSON.parse(text), schema: "swarmgate.run-record/v9" }), 2, "record-invalid"],
    ["a round that is none", () => file({ ...JSON.parse(text), rounds: [{ order: "sideways" }] }), 2, "record-invalid"],
    [
      "another fingerprint",
      () =>
        file(
          healthy("head", (fine) => ({
            ...fine,
            fingerprint: { ...fine.fingerprint, test: { ...fine.fingerprint.test, users: 99 } },
          })),
        ),
      3,
      "fingerprint-mismatch",
    ],
    [
      "percentiles of another definition",
      () =>
        file(
          healthy("head", (fine) => ({
            ...fine,
            fingerprint: { ...fine.fingerprint, test: { ...fine.fingerprint.test, percentiles: "interpolated" } },
          })),
        ),
      3,
      "fingerprint-mismatch",
    ],
    [
      "a run that was cut short",
      () => file(healthy("head", (fine) => ({ ...fine, validity: { ...fine.validity, stopped: "interrupted" } }))),
      3,
      "interrupted",
    ],
    [
      "a record that calls itself invalid",
      () => file(healthy("head", (fine) => ({ ...fine, validity: { ...fine.validity, valid: false } }))),
      3,
      "record-invalid",
    ],
    [
      "too few responses",
      () =>
        file(
          healthy("head", (fine) => ({
            ...fine,
            response: latency(10, 20, 30),
            totals: { ...fine.totals, outcomes: outcomes({ ok: 3 }) },
          })),
        ),
      3,
      "too-few-samples",
    ],
  ];
  test.each(cases)("%s", async (_, head, exit, code) => {
    const result = await compare("--base", base(), "--head", head());
    expect([result.exit, result.problems.map((problem) => problem.code)]).toEqual([
      exit,
      expect.arrayContaining([code]),
    ]);
    expect(["invalid", null]).toContain(result.verdict);
    for (const problem of result.problems) expect(problem.hint.length).toBeGreaterThan(10);
    expect(result.text).not.toMatch(/\n\s+at /);
  });
  test.each(cases.filter(([, , , code]) => code !== "too-few-samples"))("as a base: %s", async (_, flawed, exit) => {
    const result = await compare("--base", flawed(), "--head", file(healthy("head")));
    expect(result.exit).toBe(exit);
    expect(["invalid", null]).toContain(result.verdict);
  });

  test("everything failed: the failures fail", async () => {
    const none = latency();
    const dead = file(
      healthy("head", (fine) => ({
        ...fine,
        response: none,
        service: none,
        totals: { ...fine.totals, outcomes: outcomes({ "server-error": 2000 }) },
      })),
    );
    expect(await compare("--base", base(), "--head", dead)).toMatchObject({ exit: 1, verdict: "fail" });
  });
  test("the healthy pair is judged, so that the rows above can fail", async () => {
    const result = await compare("--base", base(), "--head", file(healthy("head")));
    expect(["pass", "inconclusive"]).toContain(result.verdict);
    expect(result.exit).toBe(0);
  });
});

describe("--paired", () => {
  const pairs = (count: number) => ({
    bases: Array.from({ length: count }, (_, i) => file(healthy(`base-${i}`))),
    heads: Array.from({ length: count }, (_, i) => file(healthy(`head-${i}`))),
  });
  const judged = ({ bases, heads }: ReturnType<typeof pairs>) =>
    compare("--paired", "--base", ...bases, "--head", ...heads);
  test("six pairs of the same pass", async () => {
    expect(await judged(pairs(6))).toMatchObject({ exit: 0, verdict: "pass" });
  });
  test("five are too few", async () => {
    expect(await judged(pairs(5))).toMatchObject({ exit: 0, verdict: "inconclusive" });
  });
  test("as many bases as heads are asked for", async () => {
    const { bases, heads } = pairs(3);
    const result = await compare("--paired", "--base", ...bases, "--head", ...heads.slice(1));
    expect(result).toMatchObject({ exit: 2, verdict: null, problems: [{ code: "conflicting-values" }] });
  });
  test("a pair of another load makes all of it invalid", async () => {
    const { bases, heads } = pairs(6);
    const other = file(
      healthy("other", (fine) => ({
        ...fine,
        fingerprint: { ...fine.fingerprint, test: { ...fine.fingerprint.test, users: 99 } },
      })),
    );
    const result = await compare("--paired", "--base", ...bases, "--head", ...heads.slice(1), other);
    expect(result).toMatchObject({ exit: 3, verdict: "invalid", problems: [{ code: "fingerprint-mismatch" }] });
  });
  test("without a base and without rounds there is nothing to compare", async () => {
    const result = await compare("--head", base());
    expect(result).toMatchObject({ exit: 2, problems: [{ code: "missing-value" }] });
  });
  test("the same files give the same bytes", async () => {
    const some = pairs(6);
    expect((await judged(some)).text).toBe((await judged(some)).text);
  });
});
