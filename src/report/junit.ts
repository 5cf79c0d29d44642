/** JUnit's XML, as CI systems read it: one suite per gate, one case per metric, and one for the gate itself. */
import { assertNever } from "../errors.ts";
import { plainText } from "./escape.ts";
import type { MetricRow, ReportModel } from "./report.ts";

/**
 * `fail` is a failure, `invalid` an error, what could not be decided is skipped with its reason; a warning passes and says so
 * in its output. The case `gate` fails exactly when the gate is closed; a metric's own verdict stands whatever `fail-on` says.
 */
export const renderJunit = (model: ReportModel): string => {
  const suite = `swarmgate.${model.name}`;
  const cases = [gateCase(model, suite), ...model.metrics.map((row) => metricCase(row, suite))];
  const count = (kind: Case["kind"]): number => cases.filter((one) => one.kind === kind).length;
  const totals = {
    tests: cases.length,
    failures: count("failure"),
    errors: count("error"),
    skipped: count("skipped"),
    time: (model.window?.seconds ?? 0).toFixed(3),
  };
  const start = model.window?.start ?? null;
  const started = start === null ? {} : { timestamp: start.replace(/(\.\d+)?Z$/, "") };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: "swarmgate", ...totals })}>`,
    `  <testsuite${attributes({ name: suite, ...totals, ...started })}>`,
    "    <properties>",
    ...[...model.provenance, ...model.notes].map(
      (text) => `      <property${attributes({ name: "about", value: text })}/>`,
    ),
    "    </properties>",
    ...cases.map(({ xml }) => xml),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
};

type Case = { readonly kind: "passed" | "failure" | "error" | "skipped"; readonly xml: string };
type Outcome = { readonly kind: Case["kind"]; readonly message: string };

const gateCase = (model: ReportModel, suite: string): Case => {
  const kind = model.gateOpen ? "passed" : model.verdict === "invalid" ? "error" : "failure";
  const output = [model.headline, ...model.moved, ...model.next, ...model.problems.map(({ message }) => message)];
  return testCase({ name: "gate", suite, type: model.verdict, outcome: { kind, message: model.headline }, output });
};

const metricCase = (row: MetricRow, suite: string): Case =>
  testCase({
    name: row.id,
    suite,
    type: row.verdict ?? "informs",
    outcome: outcomeOf(row),
    output: [figures(row), row.reason, ...(row.verdict === "warn" ? [`warns, limit ${row.limit}`] : [])],
  });

const outcomeOf = (row: MetricRow): Outcome => {
  const message = `${figures(row)}${row.reason === "" ? "" : `: ${row.reason}`}`;
  switch (row.verdict) {
    case "fail":
      return { kind: "failure", message };
    case "invalid":
      return { kind: "error", message };
    case "inconclusive":
    case "no-baseline":
      return { kind: "skipped", message };
    case "pass":
    case "improved":
    case "warn":
    case null:
      return { kind: "passed", message };
    default:
      return assertNever(row.verdict);
  }
};

/** `base 21.4 ms, head 733 ms, x34.3 (x31.9 to x36.8), limit +10% and +5ms`. */
const figures = ({ base, head, change, interval, limit }: MetricRow): string =>
  [
    base === "-" ? "" : `base ${base}`,
    head === "-" ? "" : `head ${head}`,
    change === "-" ? "" : interval === "" ? change : `${change} (${interval})`,
    limit === "-" ? "" : `limit ${limit}`,
  ]
    .filter((part) => part !== "")
    .join(", ");

const testCase = (given: {
  readonly name: string;
  readonly suite: string;
  readonly type: string;
  readonly outcome: Outcome;
  readonly output: readonly string[];
}): Case => {
  const { name, suite, type, outcome, output } = given;
  const { kind, message } = outcome;
  const said = output.filter((line) => line !== "").map(escapeXml);
  const lines = [
    `    <testcase${attributes({ name, classname: suite })}>`,
    ...(kind === "passed"
      ? []
      : [`      <${kind}${attributes({ message, ...(kind === "skipped" ? {} : { type }) })}/>`]),
    ...(said.length === 0 ? [] : [`      <system-out>${said.join("\n")}</system-out>`]),
    "    </testcase>",
  ];
  return { kind, xml: lines.join("\n") };
};

const attributes = (values: Readonly<Record<string, string | number>>): string =>
  Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`)
    .join("");

/** XML 1.0 has no way to write U+FFFE and U+FFFF; control characters are gone with `plainText`. */
const escapeXml = (text: string): string =>
  plainText(text)
    .replace(/[\ufffe\uffff]/g, "\ufffd")
    .replace(/[&<>"]/g, (sign) => ENTITY[sign] ?? sign);

const ENTITY: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
