import type { Baseline } from "../../baseline/baseline.ts";
import type { Flags } from "../../config/flags.ts";
import { type ExitCode, type Parsed, type Problem, UserError } from "../../errors.ts";
import { comparedFiles } from "../../gate/baseline-file.ts";
import { judgeRecords } from "../../gate/judge-record.ts";
import { exitCodeOf } from "../../judge/combine.ts";
import { buildReport } from "../../report/model.ts";
import { configure } from "../configure.ts";
import { importReading, readComparable, readComparableBases } from "../read-comparable.ts";
import { reportContext } from "../report-context.ts";
import { showResult } from "../show-result.ts";
import type { Streams } from "../streams.ts";

/** `swarmgate compare`: judges run records and result files of other tools, without any load. */
export const compareCommand = async ({ inputs, options }: Flags, streams: Streams): Promise<ExitCode> => {
  const reading = importReading(options.dropBadLines);
  const [config, bases, heads] = await Promise.all([
    configure({ inputs, env: streams.env, name: "gate", needsTarget: false }),
    readComparableBases(options.base, reading),
    Promise.all(options.head.map((path) => readComparable(path, reading))),
  ]);
  const problems = [config, bases, ...heads].flatMap(problemsOf);
  const records = heads.flatMap((head) => (head.ok ? [head.value] : []));
  const last = records.at(-1);
  if (!config.ok || !bases.ok || problems.length > 0 || last === undefined) throw new UserError(problems);
  const baseline: Baseline = comparedFiles(bases.value, records);
  const judgement = judgeRecords(config.value, baseline, records);
  const runRecord = options.head.at(-1) ?? null;
  const context = reportContext(config.value, { record: last, baseline, judgement }, { runUrl: null, runRecord });
  const report = buildReport({ judgement, record: last, context });
  showResult({ report, judgement, runRecord }, { json: options.json, streams });
  return exitCodeOf(judgement);
};

const problemsOf = (value: Parsed<unknown>): readonly Problem[] => (value.ok ? [] : value.problems);
