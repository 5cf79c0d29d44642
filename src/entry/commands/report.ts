import { nodeFiles } from "../../adapters/node/files.ts";
import type { Baseline } from "../../baseline/baseline.ts";
import type { BaselineConfig } from "../../config/config.ts";
import type { Flags } from "../../config/flags.ts";
import { ExitCode, type Problem, UserError } from "../../errors.ts";
import { comparedFiles } from "../../gate/baseline-file.ts";
import { judgeRecords } from "../../gate/judge-record.ts";
import type { Judgement } from "../../judge/verdict.ts";
import type { Files } from "../../ports.ts";
import type { RunRecord } from "../../record/record.ts";
import { renderInflux } from "../../report/export/influx.ts";
import { renderK6Summary } from "../../report/export/k6-summary.ts";
import { renderLocustCsv } from "../../report/export/locust-csv.ts";
import { renderPrometheus } from "../../report/export/prometheus.ts";
import { resultJson, resultText } from "../../report/json.ts";
import { renderJunit } from "../../report/junit.ts";
import { renderSummary } from "../../report/markdown.ts";
import { buildReport } from "../../report/model.ts";
import type { ReportModel } from "../../report/report.ts";
import { renderTerminal } from "../../report/terminal.ts";
import { baselinePath, baseSide } from "../base-side.ts";
import { configure } from "../configure.ts";
import { htmlReport } from "../html-report.ts";
import { readBaselines, readRecord } from "../read-records.ts";
import { reportContext } from "../report-context.ts";
import { heightOf, type Streams, widthOf } from "../streams.ts";

/** `swarmgate report RUN`: one run record in words, or against a base. It renders and does not gate: the exit code is 0. */
export const reportCommand = async ({ positionals, inputs, options }: Flags, streams: Streams): Promise<ExitCode> => {
  const files = nodeFiles();
  const path = positionals[0] ?? "";
  const record = await readRecord(path, files);
  const name = record.ok ? record.value.name : "gate";
  const config = await configure({ inputs, env: streams.env, name, needsTarget: false });
  const basePaths = config.ok ? basesOf(config.value.baseline, options.base) : options.base;
  const bases = await readBaselines(basePaths, files);
  if (!record.ok || !bases.ok || !config.ok)
    throw new UserError([record, bases, config].flatMap((one): readonly Problem[] => (one.ok ? [] : one.problems)));
  const alone = config.value.baseline.source.kind === "none" && record.value.rounds === undefined ? ABSOLUTE : ALONE;
  const baseline = basePaths.length === 0 ? alone : comparedFiles(bases.value, [record.value]);
  const judgement = judgeRecords(config.value, baseline, [record.value]);
  const judged = { record: record.value, baseline, judgement };
  const report = buildReport({
    judgement,
    record: record.value,
    context: reportContext(config.value, judged, { runUrl: null, runRecord: path }),
    base: await baseSide(baseline, basePaths.at(-1) ?? null, files),
  });
  const format = options.json ? "json" : (options.format ?? "terminal");
  const text = render(format, { report, ...judged, path, streams: options.out === null ? streams : paper(streams) });
  if (options.out === null) streams.out(text);
  else await files.write(options.out, text);
  if (options.out !== null && format === "locust-csv") await writeLocustFiles(record.value, options.out, files);
  return ExitCode.gateOpen;
};

/** A file is no terminal: nothing is cut to its height, and nothing coloured. */
const paper = (streams: Streams): Streams => ({ ...streams, outSize: () => null, colour: false });

/** Named as Locust names them: `main_stats_history.csv` beside `main_stats.csv`, or beside `main.csv`. */
const writeLocustFiles = async (record: RunRecord, path: string, files: Files): Promise<void> => {
  const prefix = path.replace(/(_stats)?\.csv$/i, "");
  const { history, failures } = renderLocustCsv(record);
  await files.write(`${prefix}_stats_history.csv`, history);
  await files.write(`${prefix}_failures.csv`, failures);
};

/** `--base` takes several files, like that of `compare`; `baseline` is that of `run`. */
const basesOf = (baseline: BaselineConfig, given: readonly string[]): readonly string[] => {
  const named = baselinePath(baseline);
  return given.length > 0 || named === null ? given : [named];
};

/** With `baseline: none`, as `run` judges: by fixed limits alone. */
const ABSOLUTE: Baseline = { kind: "absolute" };

const ALONE: Baseline = {
  kind: "none",
  problem: {
    code: "no-baseline",
    severity: "note",
    message: "There is no baseline: a report shows one run.",
    hint: "swarmgate report RUN --base BASE judges it against another.",
  },
  notes: [],
};

type Rendered = {
  readonly report: ReportModel;
  readonly record: RunRecord;
  readonly judgement: Judgement;
  readonly path: string;
  readonly streams: Streams;
};

const render = (format: string, { report, record, judgement, path, streams }: Rendered): string => {
  switch (format) {
    case "json":
      return resultText(resultJson({ judgement, headline: report.headline, runRecord: path }));
    case "markdown":
      return renderSummary(report);
    case "html":
      return htmlReport(report, record);
    case "junit":
      return renderJunit(report);
    case "locust-csv":
      return renderLocustCsv(record).stats;
    case "k6-summary":
      return renderK6Summary(record);
    case "influx":
      return renderInflux(record);
    case "prometheus":
      return renderPrometheus(record, judgement);
    default:
      return renderTerminal(report, { width: widthOf(streams), rows: heightOf(streams), colour: streams.colour });
  }
};
