import { describe, expect, it } from "vitest";
import { buildAnnotations, type Reactions, statusDescription } from "../../../src/report/annotations.ts";
import { buildReport } from "../../../src/report/model.ts";
import { CASES } from "../../golden/cases.ts";
import { problem } from "../../golden/fixtures.ts";

const DEFAULTS: Reactions = { onInconclusive: "warn", onInvalid: "fail", onNoBaseline: "warn" };
const QUIET: Reactions = { onInconclusive: "pass", onInvalid: "pass", onNoBaseline: "pass" };

const levels = (name: keyof typeof CASES, reactions = DEFAULTS): readonly string[] =>
  buildAnnotations(buildReport(CASES[name]), reactions).map(({ level }) => level);

describe("annotations", () => {
  it.each([
    ["pass", []],
    ["improved", []],
    ["warn", ["warning"]],
    ["fail", ["error"]],
    ["fail-open", ["warning"]],
    ["neutral", []],
    ["suspected", ["warning"]],
    ["cloud-denied", ["warning"]],
    ["no-baseline", ["warning"]],
    ["not-ready", ["error"]],
    ["invalid", ["error", "warning"]],
  ] as const)("%s: %j", (name, expected) => {
    expect(levels(name)).toEqual(expected);
  });

  it.each(["suspected", "cloud-denied", "no-baseline"] as const)("%s is silent where the user said pass", (name) => {
    expect(levels(name, QUIET)).toEqual([]);
  });

  it("a closed gate speaks whatever the reactions are", () => {
    expect(levels("fail", QUIET)).toEqual(["error"]);
  });

  it("a warning carries cause and hint, a note is no annotation", () => {
    const problems = [
      problem("baseline-refused", "warning", "Run 7 was refused.", "Look at it."),
      problem("same-record", "note", "Same.", ""),
    ];
    const model = buildReport({ ...CASES.pass, judgement: { ...CASES.pass.judgement, problems } });
    expect(buildAnnotations(model, DEFAULTS)).toEqual([
      { level: "warning", message: "Run 7 was refused. Look at it." },
    ]);
  });

  it("hold no workflow command from outside", () => {
    const messages = buildAnnotations(buildReport(CASES.hostile), DEFAULTS).map(({ message }) => message);
    expect(messages).toHaveLength(2);
    expect(messages.join(" ")).not.toMatch(/::|##\[|\n/);
  });

  it("a status description fits GitHub's 140 characters", () => {
    expect(statusDescription(buildReport(CASES.hostile)).length).toBeLessThanOrEqual(140);
    expect(statusDescription(buildReport(CASES.fail))).toMatch(/^p50 rose 34-fold/);
  });
});
