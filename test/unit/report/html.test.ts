import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { besideRecord, htmlReport } from "../../../src/entry/html-report.ts";
import type { RunRecord } from "../../../src/record/record.ts";
import { escapeHtml, jsonForScript } from "../../../src/report/html/escape-html.ts";
import { buildReport } from "../../../src/report/model.ts";
import type { ReportInput } from "../../../src/report/report.ts";
import { CASES } from "../../golden/cases.ts";
import { context, judgement, latency, outcomes, record, task } from "../../golden/fixtures.ts";
import { slicesOf } from "../../golden/slices.ts";

const page = (input: ReportInput): string => htmlReport(buildReport(input), input.record ?? record());
const hash = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const fail = page(CASES.fail);
const hostile = page(CASES.hostile);

/** Five minutes of 200 requests per second, every second with a histogram of its own. */
const fiveMinutes = (perSecond: number): RunRecord => {
  const counts = outcomes({ ok: 300 * perSecond });
  const slices = slicesOf({ seconds: 300, users: 50, spawnRate: 10, p50: 20, outcomes: counts });
  return { ...record(), slices: slices.map((one) => ({ ...one, service: one.response })), response: latency(20, 5000) };
};

describe("the page can do nothing but show itself", () => {
  it("allows the script and the style that are in it, and nothing else", () => {
    const [, policy = ""] = /http-equiv="Content-Security-Policy" content="(.*?)"/.exec(fail) ?? [];
    const [, style = ""] = /<style>([\s\S]*?)<\/style>/.exec(fail) ?? [];
    const [, script = ""] = /<script>([\s\S]*?)<\/script>/.exec(fail) ?? [];
    expect(policy.replaceAll("&#39;", "'").split("; ")).toEqual([
      "default-src 'none'",
      `script-src ${hash(script)}`,
      `style-src ${hash(style)}`,
      "img-src data:",
      "base-uri 'none'",
      "form-action 'none'",
    ]);
  });

  it.each([
    ["failing", fail],
    ["hostile", hostile],
  ])("loads nothing, has no handlers and no style attributes: %s", (_, html) => {
    const markup = html.replace(/<(script|style)\b[\s\S]*?<\/\1>/g, "");
    expect(markup).not.toMatch(/<[^>]*\s(?:on\w+|style|src|srcset|action)=/i);
    expect(markup.match(/<(?:link|img|iframe|object|embed|base|form)\b[^>]*>/g)).toEqual([
      '<link rel="icon" href="data:,">',
    ]);
    expect(html.match(/<script\b/g)).toHaveLength(3);
    expect(html.match(/<\/script/g)).toHaveLength(3);
  });

  it("links go to the workflow run only, and not where the address is no web address", () => {
    expect(fail.match(/<a [^>]*>/g)).toEqual([
      '<a href="https://github.com/acme/shop/actions/runs/1001" rel="noreferrer">',
    ]);
    expect(hostile).not.toContain("<a ");
  });
});

describe("text from outside", () => {
  it("stands in the page as it is", () => {
    expect(hostile).toContain("&#60;script&#62;alert(1)&#60;/script&#62;");
    expect(hostile.replace(/<script\b[\s\S]*?<\/script>/g, "")).not.toMatch(/<script|\p{Cf}/u);
  });

  it("a right-to-left name is isolated from the figures behind it", () => {
    expect(escapeHtml("p95@טעינה 12 rose 34-fold")).toBe("p95@<bdi>טעינה</bdi> 12 rose 34-fold");
    expect(escapeHtml("a < טעינה & تحميل > b")).toBe("a &#60; <bdi>טעינה</bdi> &#38; <bdi>تحميل</bdi> &#62; b");
    expect(page(CASES["right-to-left"])).toMatch(/<title>[^<]*<\/title>/);
  });

  it("JSON in the page cannot close its element and is the same value", () => {
    const value = { text: "</script><!-- <script> & \u2028", deep: [1, null, "é"] };
    const text = jsonForScript(JSON.stringify(value));
    expect(text).not.toMatch(/[<>&\u2028]/);
    expect(JSON.parse(text)).toEqual(value);
  });
});

describe("the run record in the page", () => {
  const embedded = (html: string): readonly string[] =>
    /<script type="([^"]*)" id="run-record" data-file="([^"]*)">([\s\S]*?)<\/script>/.exec(html)?.slice(1) ?? [];

  it("is the record, whole", () => {
    const [type, file, text = ""] = embedded(hostile);
    expect([type, file]).toEqual(["application/json", "run.json"]);
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(CASES.hostile.record)));
  });

  it("a large one is packed, and still the record", () => {
    const tasks = Array.from({ length: 300 }, (_, i) => task(`task ${i}`, 20, { ok: 2400 }));
    const large = { ...fiveMinutes(200), tasks };
    const [type, , text = ""] = embedded(page({ judgement: judgement({}), record: large, context: context() }));
    expect(type).toBe("application/gzip;base64");
    expect(JSON.parse(gunzipSync(Buffer.from(text, "base64")).toString())).toEqual(JSON.parse(JSON.stringify(large)));
  });

  it("a usual five-minute run stays below 1 MB", () => {
    const html = page({ judgement: judgement({}), record: fiveMinutes(200), context: context() });
    expect(Buffer.byteLength(html)).toBeLessThan(1_000_000);
  });

  it("the page lies beside it", () => {
    expect([besideRecord("out/run.json"), besideRecord("run")]).toEqual(["out/run.html", "run.html"]);
  });
});

describe("without scripts and without eyes", () => {
  it("every chart has its figures as a table and says in words what it shows", () => {
    const model = buildReport(CASES.fail);
    expect(model.charts.map(({ id }) => id)).toEqual(["latency", "percentiles", "histogram", "load", "failures"]);
    for (const { id, text, table } of model.charts) {
      const [figure = ""] =
        new RegExp(`<figure class="card chart" id="chart-${id}">[\\s\\S]*?</figure>`).exec(fail) ?? [];
      expect(figure).toContain(escapeHtml(text));
      expect(figure.match(/<tr>/g)).toHaveLength(table.rows.length + 1);
      expect(table.rows.length).toBeLessThanOrEqual(60);
    }
  });

  it("a run that sent nothing has a page too", () => {
    const html = page({ ...CASES["not-ready"], record: null });
    expect(html).toContain("INVALID");
    expect(html).not.toContain('class="plot"');
  });
});
