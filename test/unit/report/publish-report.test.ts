import { describe, expect, it } from "vitest";
import { publish } from "../../../src/gate/publish.ts";
import type { Publisher } from "../../../src/ports.ts";
import { buildReport } from "../../../src/report/model.ts";
import { CASES } from "../../golden/cases.ts";
import { record } from "../../golden/fixtures.ts";
import { config } from "../record/sample-record.ts";

type Stored = { readonly name: string; readonly file: string; readonly content: string };

const published = async (html: string | null, refuse = false) => {
  const stored: Stored[] = [];
  const ok = { ok: true, value: null } as const;
  const publisher: Publisher = {
    comment: async () => ok,
    summary: async () => ok,
    status: async () => ok,
    artifact: async (name, file, content) => {
      stored.push({ name, file, content });
      return refuse && file.endsWith(".html") ? { ok: false, reason: "no room" } : { ok: true, value: { id: 1 } };
    },
  };
  const { judgement } = CASES.fail;
  const result = { record: record(), judgement, history: null, baseline: { kind: "absolute" } } as const;
  const report = buildReport(CASES.fail);
  const outcome = await publish({ config: config({ name: "load" }), result, report, html, onBase: false, publisher });
  return { stored, problems: outcome.problems };
};

describe("the HTML report as an artifact", () => {
  it("is stored under the gate's name when it was asked for", async () => {
    const { stored, problems } = await published("<!doctype html>x");
    expect(stored.map(({ name, file }) => `${name}/${file}`)).toEqual([
      "swarmgate-load-run/run.json",
      "swarmgate-load-report/report.html",
    ]);
    expect(stored[1]?.content).toBe("<!doctype html>x");
    expect(problems).toEqual([]);
  });

  it("is not there when it was not", async () => {
    const { stored } = await published(null);
    expect(stored.map(({ name }) => name)).toEqual(["swarmgate-load-run"]);
  });

  it("that cannot be stored is said, and not as a missing baseline", async () => {
    const { problems } = await published("x", true);
    expect(problems.map(({ code }) => code)).toEqual(["artifact-not-stored"]);
    expect(problems[0]?.hint).not.toContain("comparison");
  });
});
