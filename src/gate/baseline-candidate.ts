import type { KnownNoise } from "../baseline/baseline.ts";
import { runDifferences } from "../baseline/common-tasks.ts";
import { isSound, parseHistory, uniteNoise, uniteRuns } from "../baseline/history.ts";
import { type Parsed, refused, usageProblem } from "../errors.ts";
import type { BaseHistory } from "../ports.ts";
import { parseRecord } from "../record/parse-record.ts";
import type { RunRecord } from "../record/record.ts";
import { summarise } from "../record/summarise.ts";
import type { RunSummary } from "../record/summary.ts";
import { historyArtifact, runArtifact } from "./stored-artifacts.ts";

/** What one workflow run left behind. */
export type Candidate = {
  readonly runId: number;
  /** Everything sound that it holds: its own run and those it carried forward, of whatever load. */
  readonly carried: readonly RunSummary[];
  /** Those of `carried` that measured our load. */
  readonly runs: readonly RunSummary[];
  /** What `calibrate` measured, carried in its history, of whatever load. */
  readonly known: KnownNoise;
  /** Its own run record as it was stored, `null` where there was none. */
  readonly recordText: string | null;
  /** Why parts of it cannot be used. */
  readonly reasons: readonly string[];
};

export type CandidateSearch = {
  readonly history: BaseHistory;
  readonly name: string;
  /** The base branch. */
  readonly branch: string;
  readonly head: RunSummary;
};

/** Downloads and judges the run record and the history of one workflow run. Nothing it holds can throw. */
export const readCandidate = async (
  runId: number,
  { history, name, branch, head }: CandidateSearch,
): Promise<Candidate> => {
  const [record, past] = await Promise.all([
    readJson(history, { runId, artifact: runArtifact(name), file: "run.json" }),
    readJson(history, { runId, artifact: historyArtifact(name), file: "history.json" }),
  ]);
  const own = interpret(
    record,
    (text) => recordOfBranch(text, branch),
    (value) => ({ runs: [summarise(value)] }),
  );
  const earlier = interpret(past, parseHistory, (value) => value);
  const carried = uniteRuns([own.runs.map((run) => withAccepted(run, earlier.runs)), earlier.runs]);
  const judged = carried.map((run) => ({ run, differences: runDifferences(run, head) }));
  const runs = judged.flatMap(({ run, differences }) => (differences.length === 0 ? [run] : []));
  return {
    runId,
    carried,
    runs,
    recordText: record.kind === "text" ? record.text : null,
    known: uniteNoise([earlier]),
    reasons: [...reasonsOf(own, earlier), ...unlike(judged)],
  };
};

/**
 * Runs started by `workflow_run` and `repository_dispatch` are listed under the default branch whatever they measured
 * (GitHub: GITHUB_SHA is its last commit), and a tag may be called like the branch, so the record itself must say that it is
 * of the base.
 */
const recordOfBranch = (text: string, branch: string): Parsed<RunRecord> => {
  const record = parseRecord(text);
  if (!record.ok) return record;
  const { pullRequest, branch: measured } = record.value.git;
  if (pullRequest === null && measured === branch) return record;
  const ofBranch = measured === null ? "no branch" : `branch ${measured}`;
  const what = pullRequest === null ? ofBranch : `pull request ${pullRequest}`;
  return refused([usageProblem("baseline-refused", `its run measured ${what}, not ${branch}`, "It is no baseline.")]);
};

type Download =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "absent" }
  | { readonly kind: "refused"; readonly reason: string };

const readJson = async (
  history: BaseHistory,
  read: { readonly runId: number; readonly artifact: string; readonly file: string },
): Promise<Download> => {
  try {
    const answer = await history.artifact(read);
    if (answer.kind === "refused") return { kind: "refused", reason: `${read.artifact}: ${answer.reason}` };
    if (answer.kind === "absent") return answer;
    return { kind: "text", text: new TextDecoder("utf-8", { fatal: true }).decode(answer.bytes) };
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return { kind: "refused", reason: `${read.artifact}: ${cause}` };
  }
};

/** What was accepted stands in the history only: the record was written before anybody asked. */
const withAccepted = (run: RunSummary, earlier: readonly RunSummary[]): RunSummary => {
  const accepted = earlier.find(({ id }) => id === run.id)?.accepted;
  return accepted === undefined ? run : { ...run, accepted };
};

type Held = { readonly runs: readonly RunSummary[] } & KnownNoise;
type Part = Held & { readonly reason: string | null; readonly absent: boolean };

const interpret = <T>(download: Download, parse: (text: string) => Parsed<T>, heldBy: (value: T) => Held): Part => {
  if (download.kind === "absent") return { runs: [], reason: null, absent: true };
  if (download.kind === "refused") return { runs: [], reason: download.reason, absent: false };
  const value = parse(download.text);
  if (value.ok) return { ...heldBy(value.value), reason: null, absent: false };
  const [first] = value.problems;
  return { runs: [], reason: first?.message ?? "it cannot be read", absent: false };
};

const reasonsOf = (own: Part, earlier: Part): readonly string[] => {
  if (own.absent && earlier.absent) return ["it left no run record and no history"];
  return [
    ...own.runs
      .filter((run) => !isSound(run))
      .map((run) => `its run is ${run.interrupted ? "interrupted" : "invalid"}`),
    ...[own.reason, earlier.reason].filter((reason) => reason !== null),
  ];
};

const unlike = (judged: readonly { readonly differences: readonly string[] }[]): readonly string[] => {
  const others = judged.filter(({ differences }) => differences.length > 0);
  const last = others.at(-1);
  if (last === undefined) return [];
  return [`${others.length} of ${judged.length} runs in it measured another load (${last.differences.join("; ")})`];
};
