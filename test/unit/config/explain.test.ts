import { describe, expect, it } from "vitest";
import { explainConfig } from "../../../src/config/explain.ts";
import { configOf } from "./sources.ts";

const explained = (inputs: Readonly<Record<string, string>>, env = {}): string =>
  explainConfig(configOf(inputs, { env })).join("\n");

describe("explainConfig", () => {
  it("says in order what will happen", () => {
    expect(
      explainConfig(configOf({ "ready-path": "/healthz", functions: "orders:live", "aws-region": "eu-west-1" })),
    ).toEqual([
      "First https://preview.example.com/healthz is probed until it answers 200-399 three times in a row, for at most 5m.",
      "One user warms up for 5s, outside the measurement.",
      "Then 20 users, 4 started per second: GET https://preview.example.com/, constant(0.5) between requests.",
      "In 1m that is about 1,900 requests if an answer takes 100ms, at most 2,300; all users run in the last 55 seconds.",
      "Nothing is sent if the run would cost more than 1 US dollar (max-cost).",
      "CloudWatch is asked for orders:live in eu-west-1, for at most 3m after the load.",
      "REPORT lines of their logs are read, if that is allowed.",
      "The run is compared with the runs of the base branch.",
      "The default limits hold.",
      "The gate closes on a regression or an invalid measurement.",
    ]);
  });

  it.each([
    ["no warm-up", { "warm-up": "0s" }, /^(?!.*warms up)/s],
    ["a budget that binds", { "wait-time": "constant(0)", "max-requests": "5000" }, /at most 5,000 \(max-requests\)/],
    ["a ramp to the end", { users: "60", "spawn-rate": "1" }, /no second has all users/],
    [
      "too few requests to judge",
      { users: "1", "run-time": "60s" },
      /too few requests to judge p90 \(200\), p95 \(400\)/,
    ],
    ["a percentile that only a limit asks for", { limits: "p99: +10%" }, /too few requests to judge p99 \(10,000\)/],
    ["no comparison", { baseline: "none" }, /^Nothing is compared/m],
    ["a file to compare with", { baseline: "base.json" }, /compared with base\.json\./],
    [
      "limits of the user's",
      { limits: "p95: warn +10%\nlambda-duration@f: <= 5ms" },
      /Limits: p95: warn \+10%; lambda-duration@f: <= 5ms;/,
    ],
    ["a gate that stays open", { "fail-on": "never" }, /The gate stays open/],
    [
      "a gate that closes on everything",
      { "on-inconclusive": "fail", "on-no-baseline": "fail" },
      /a regression, a suspected regression, an invalid measurement or a missing baseline\./,
    ],
    ["no functions", {}, /^No functions are named, so AWS is not asked\.$/m],
    ["no check of certificates", { insecure: "true" }, /^Certificates are not checked\.$/m],
    ["proof of the commit", { "ready-commit": "header:x-commit" }, /names this commit in its x-commit/],
  ])("%s", (_, inputs, sentence) => {
    expect(explained(inputs)).toMatch(sentence);
  });

  it("holds no secret: header values and queries stay out", () => {
    const text = explained(
      {
        url: `https://a.example/x?key=\${KEY}`,
        headers: `authorization: Bearer \${KEY}`,
        "ready-path": `/r?k=\${KEY}`,
      },
      { KEY: "s3cret-key" },
    );
    expect(text).not.toContain("s3cret-key");
    expect(text).toContain("Each request carries authorization.");
  });

  it("speaks of no load where none is asked for", () => {
    expect(explainConfig(configOf({ url: "" }, { needsTarget: false })).join("\n")).not.toMatch(/probed|users/);
  });
});
