import { describe, expect, it } from "vitest";
import { renderJunit } from "../../../src/report/junit.ts";
import { buildReport } from "../../../src/report/model.ts";
import type { ReportInput } from "../../../src/report/report.ts";
import { CASES } from "../../golden/cases.ts";

const junit = (input: ReportInput): string => renderJunit(buildReport(input));
const suite = (xml: string): Readonly<Record<string, string>> => {
  const [, text = ""] = /<testsuite (.*?)>/.exec(xml) ?? [];
  return Object.fromEntries([...text.matchAll(/(\w+)="(.*?)"/g)].map(([, name, value]) => [name, value]));
};

describe("JUnit", () => {
  it.each([
    ["pass", "0", "0"],
    ["fail", "6", "0"],
    ["invalid", "0", "6"],
    ["not-ready", "0", "1"],
    ["no-baseline", "0", "0"],
  ] as const)("%s: failures and errors as CI counts them", (name, failures, errors) => {
    expect(suite(junit(CASES[name]))).toMatchObject({ failures, errors });
  });

  it("the counts are those of the cases", () => {
    for (const input of Object.values(CASES)) {
      const xml = junit(input);
      const count = (tag: string): string => String(xml.match(new RegExp(`<${tag}[ />]`, "g"))?.length ?? 0);
      expect(suite(xml)).toMatchObject({
        tests: count("testcase"),
        failures: count("failure"),
        errors: count("error"),
        skipped: count("skipped"),
      });
      expect(Number(suite(xml)["tests"])).toBe(input.judgement.metrics.length + 1);
    }
  });

  it("the case of the gate fails exactly when the gate is closed", () => {
    for (const input of Object.values(CASES)) {
      const gate = /<testcase name="gate"[\s\S]*?<\/testcase>/.exec(junit(input))?.[0] ?? "";
      expect(/<(failure|error) /.test(gate)).toBe(!input.judgement.gateOpen);
    }
  });

  it("what could not be decided is skipped with its reason, never passed in silence", () => {
    expect(junit(CASES["cloud-denied"])).toMatch(
      /<testcase name="lambda-duration".*\n\s+<skipped message="[^"]*refused/,
    );
  });

  it("a name can end neither its attribute nor its element, and holds no character that XML lacks", () => {
    const xml = junit({
      ...CASES.hostile,
      judgement: { ...CASES.hostile.judgement, notes: ["a\u0000b\ufffe\ud800 ]]> & \"'<x>"] },
    });
    expect(xml).not.toContain("<script");
    expect(xml.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cs}\ufffe\uffff]/u);
    expect(xml).toContain('value="ab\ufffd\ufffd ]]&gt; &amp; &quot;\'&lt;x&gt;"');
  });
});
