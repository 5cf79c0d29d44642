import type { Baseline } from "../baseline/baseline.ts";
import type { Config } from "../config/config.ts";
import { type Parsed, type Problem, refused, usageProblem } from "../errors.ts";
import type { ArtifactRead, BaseHistory, Clock, Files, Log } from "../ports.ts";
import { gateFacts } from "../record/gate-facts.ts";
import { parseRecord } from "../record/parse-record.ts";
import type { GitFacts, RunRecord } from "../record/record.ts";
import { summarise } from "../record/summarise.ts";
import { failingWithoutBaseline } from "../target/run-validity.ts";
import { givenBaseline } from "./baseline-file.ts";
import { findBaseline } from "./find-baseline.ts";
import type { GateResult } from "./gate-contract.ts";
import { judgeRecords } from "./judge-record.ts";

export type StoredRun = {
  readonly config: Config;
  readonly record: RunRecord;
  /** Where this job runs; its own run is never the baseline. */
  readonly git: GitFacts;
  /** The workflow that measured: its runs on the base branch are the baseline. */
  readonly workflow: string | null;
  readonly ports: {
    readonly history: BaseHistory;
    readonly files: Files;
    readonly clock: Clock;
    readonly log: Log;
  };
  readonly signal: AbortSignal;
};

/** Judges a stored record again with this job's limits against the baseline of now. Nothing is sent to the target. */
export const judgeStored = async ({ config, record, git, workflow, ports, signal }: StoredRun): Promise<GateResult> => {
  const file = await givenBaseline(config, ports);
  const head = summarise(record);
  const request = { config, head, git, workflow, file, ports, signal };
  const { baseline, history } = await findBaseline(request);
  // It is this job's limits that judge, whatever the run that measured was asked.
  const fresh = { ...withValidity(record, baseline), gate: gateFacts(config) };
  return { record: fresh, baseline, history, judgement: judgeRecords(config, baseline, [fresh]) };
};

/** The record in an artifact, or why it is none: expired, too large, damaged, of another schema, not there. */
export const storedRecord = (read: ArtifactRead, what: string): Parsed<RunRecord> => {
  if (read.kind === "absent") return refused([unreadable(`${what} is not there.`)]);
  if (read.kind === "refused") return refused([unreadable(`${what} cannot be used: ${read.reason}.`)]);
  try {
    return parseRecord(new TextDecoder("utf-8", { fatal: true }).decode(read.bytes));
  } catch {
    return refused([unreadable(`${what} cannot be used: it is no text.`)]);
  }
};

/** Whether half-failing proves nothing depends on the baseline, so that is decided anew; `valid` is never just believed. */
const withValidity = (record: RunRecord, baseline: Baseline): RunRecord => {
  const kept = record.validity.problems.filter(({ code }) => code !== "target-failing");
  const isInvalid = (problem: Problem): boolean => problem.severity === "invalid";
  const failing = baseline.kind === "found" || kept.some(isInvalid) ? null : failingWithoutBaseline(record);
  const problems = failing === null ? kept : [...kept, failing];
  return { ...record, validity: { ...record.validity, valid: !problems.some(isInvalid), problems } };
};

const unreadable = (message: string): Problem =>
  usageProblem(
    "record-unreadable",
    message,
    "Give this job the name of the gate that measured (input name; default the job id), and let that run end first.",
  );
