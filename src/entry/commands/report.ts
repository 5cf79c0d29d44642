import { nodeFiles } from "../../adapters/node/files.ts";
import type { Baseline } from "../../baseline/baseline.ts";
import type { Flags } from "../../config/flags.ts";
import { ExitCode, UserError } from "../../errors.ts";
import { judgeRecords } from "../../gate/judge-record.ts";
import type { Judgement } from "../../judge/verdict.ts";
import { resultJson, resultText } from "../../report/json.ts";
import { renderSummary } from "../../report/markdown.ts";
import { buildReport } from "../../report/model.ts";
import type { ReportModel } from "../../report/report.ts";
import { renderTerminal } from "../../report/terminal.ts";
import { configure } from "../configure.ts";
import { readRecord } from "../read-records.ts";
import { reportContext } from "../report-context.ts";
import { type Streams, widthOf } from "../streams.ts";

/** `swarmgate report RUN`: one run record in words. It renders and does not gate: the exit code is 0. */
export const reportCommand = async ({ positionals, options }: Flags, streams: Streams): Promise<ExitCode> => {
  const files = nodeFiles();
  const path = positionals[0] ?? "";
  const record = await readRecord(path, files);
  if (!record.ok) throw new UserError(record.problems);
  const config = await configure({ inputs: {}, env: streams.env, name: record.value.name, needsTarget: false });
  if (!config.ok) throw new UserError(config.problems);
  const judgement = judgeRecords(config.value, ALONE, [record.value]);
  const context = reportContext(
    config.value,
    { record: record.value, baseline: ALONE, judgement },
    { runUrl: null, runRecord: path },
  );
  const report = buildReport({ judgement, record: record.value, context });
  const format = options.json ? "json" : (options.format ?? "terminal");
  const text = render(format, { report, judgement, path, streams });
  if (options.out === null) streams.out(text);
  else await files.write(options.out, text);
  return ExitCode.gateOpen;
};

const ALONE: Baseline = {
  kind: "none",
  problem: {
    code: "no-baseline",
    severity: "note",
    message: "There is no baseline: a report shows one run.",
    hint: "swarmgate compare --base BASE --head RUN judges it against another.",
  },
  notes: [],
};

type Rendered = {
  readonly report: ReportModel;
  readonly judgement: Judgement;
  readonly path: string;
  readonly streams: Streams;
};

const render = (format: string, { report, judgement, path, streams }: Rendered): string => {
  if (format === "json") return resultText(resultJson({ judgement, headline: report.headline, runRecord: path }));
  if (format === "markdown") return renderSummary(report);
  return renderTerminal(report, { width: widthOf(streams), colour: streams.colour });
};
