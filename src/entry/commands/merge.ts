import { resolve } from "node:path";
import { createAws } from "../../adapters/aws/aws.ts";
import { nodeClock } from "../../adapters/node/clock.ts";
import { nodeFiles } from "../../adapters/node/files.ts";
import type { Config } from "../../config/config.ts";
import type { Flags } from "../../config/flags.ts";
import { ExitCode, type Parsed, type Problem, parsed, refused, UserError, usageProblem } from "../../errors.ts";
import { type BaselineFile, givenBaseline } from "../../gate/baseline-file.ts";
import { mergeRun, withShardFunctions } from "../../gate/merge-run.ts";
import { asShard } from "../../gate/read-shards.ts";
import type { NamedShard } from "../../gate/shard-problems.ts";
import { exitCodeOf } from "../../judge/combine.ts";
import type { Files } from "../../ports.ts";
import { buildReport } from "../../report/model.ts";
import { baselinePath, baseSide } from "../base-side.ts";
import { configure } from "../configure.ts";
import { besideRecord, htmlReport } from "../html-report.ts";
import { readBaselines, readRecord } from "../read-records.ts";
import { reportContext } from "../report-context.ts";
import { reportLine } from "../report-line.ts";
import { showResult } from "../show-result.ts";
import { abortOnSignals } from "../signals.ts";
import type { Streams } from "../streams.ts";
import { terminalLog } from "../terminal-log.ts";
import { VERSION } from "../version.ts";

const DEFAULT_OUT = "run.json";

/** `swarmgate merge SHARD...`: one record of all shards, judged like a run. */
export const mergeCommand = async ({ inputs, options, positionals }: Flags, streams: Streams): Promise<ExitCode> => {
  const files = nodeFiles();
  const shards = await readShards(positionals, files);
  const name = shards.ok ? (shards.value[0]?.record.name ?? "gate") : "gate";
  const read = await configure({ inputs, env: streams.env, name, needsTarget: false });
  const problems = [shards, read].flatMap((one): readonly Problem[] => (one.ok ? [] : one.problems));
  if (!shards.ok || !read.ok) throw new UserError(problems);
  const config = withShardFunctions(read.value, shards.value);
  const out = options.out ?? DEFAULT_OUT;
  const base = baselinePath(config.baseline);
  refuseOverwriting([...positionals, ...options.base, ...(base === null ? [] : [base])], out);
  const bases = await basesOf(config, options.base, files);
  const log = terminalLog(streams, options.quiet);
  const signal = abortOnSignals((signalName) => log.warn(`received ${signalName}: writing what is known`));
  const { close, ...aws } = createAws({ region: config.aws.region });
  const request = { config, shards: shards.value, problems: [], bases, version: VERSION, git: null, workflow: null };
  const ports = { clock: nodeClock, ...aws, history: null, files, log };
  const result = await mergeRun(request, ports, signal);
  close();
  log.end();
  await files.write(out, JSON.stringify(result.record));
  const report = buildReport({
    judgement: result.judgement,
    record: result.record,
    context: reportContext(config, result, { runUrl: null, runRecord: out }),
    base: await baseSide(result.baseline, options.base.at(-1) ?? base, files),
  });
  if (config.report.htmlReport) await files.write(besideRecord(out), htmlReport(report, result.record));
  const whole = reportLine({ path: out, bases: options.base, inputs });
  showResult({ report, judgement: result.judgement, runRecord: out, whole }, { json: options.json, streams });
  return signal.aborted ? ExitCode.interrupted : exitCodeOf(result.judgement);
};

const readShards = async (paths: readonly string[], files: Files): Promise<Parsed<readonly NamedShard[]>> => {
  const read = await Promise.all(
    paths.map(async (path) => {
      const record = await readRecord(path, files);
      return record.ok ? asShard(path, record.value) : record;
    }),
  );
  const problems = read.flatMap((one) => (one.ok ? [] : one.problems));
  return problems.length > 0 ? refused(problems) : parsed(read.flatMap((one) => (one.ok ? [one.value] : [])));
};

/** `--base` takes several files, like that of `compare`; `--baseline` is that of `run`. */
const basesOf = async (config: Config, base: readonly string[], files: Files): Promise<readonly BaselineFile[]> => {
  if (base.length === 0) {
    const given = await givenBaseline(config, { files });
    return given === null ? [] : [given];
  }
  if (config.baseline.source.kind === "file")
    throw new UserError([
      usageProblem(
        "conflicting-values",
        "--base and --baseline both say what to compare with.",
        "Keep one of the two.",
      ),
    ]);
  const bases = await readBaselines(base, files);
  if (!bases.ok) throw new UserError(bases.problems);
  return bases.value;
};

const refuseOverwriting = (paths: readonly string[], out: string): void => {
  const same = paths.find((path) => resolve(path) === resolve(out));
  if (same === undefined) return;
  throw new UserError([
    usageProblem("conflicting-values", `The merged record would overwrite ${same}.`, "Give another file with --out."),
  ]);
};
