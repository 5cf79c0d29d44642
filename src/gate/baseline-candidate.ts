import { loadDifferences } from "../baseline/compatible.ts";
import { isSound, parseHistory, uniteRuns } from "../baseline/history.ts";
import type { Parsed } from "../errors.ts";
import type { BaseHistory } from "../ports.ts";
import { parseRecord } from "../record/parse-record.ts";
import type { TestFingerprint } from "../record/record.ts";
import { summarise } from "../record/summarise.ts";
import type { RunSummary } from "../record/summary.ts";

/** What one workflow run left behind. */
export type Candidate = {
  readonly runId: number;
  /** Everything sound that it holds: its own run and those it carried forward, of whatever load. */
  readonly carried: readonly RunSummary[];
  /** Those of `carried` that measured our load. */
  readonly runs: readonly RunSummary[];
  /** Its own run record as it was stored, `null` where there was none. */
  readonly recordText: string | null;
  /** Why parts of it cannot be used. */
  readonly reasons: readonly string[];
};

/** Downloads and judges the run record and the history of one workflow run. Nothing it holds can throw. */
export const readCandidate = async (
  runId: number,
  { history, name, head }: { readonly history: BaseHistory; readonly name: string; readonly head: TestFingerprint },
): Promise<Candidate> => {
  const [record, past] = await Promise.all([
    readJson(history, { runId, artifact: `swarmgate-${name}-run`, file: "run.json" }),
    readJson(history, { runId, artifact: `swarmgate-${name}-history`, file: "history.json" }),
  ]);
  const own = interpret(record, parseRecord, (value) => [summarise(value)]);
  const earlier = interpret(past, parseHistory, (value) => value.runs);
  const carried = uniteRuns([own.runs, earlier.runs]);
  const judged = carried.map((run) => ({ run, differences: loadDifferences(run.fingerprint.test, head) }));
  const runs = judged.flatMap(({ run, differences }) => (differences.length === 0 ? [run] : []));
  const recordText = record.kind === "text" ? record.text : null;
  return { runId, carried, runs, recordText, reasons: [...reasonsOf(own, earlier), ...unlike(judged)] };
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

type Part = { readonly runs: readonly RunSummary[]; readonly reason: string | null; readonly absent: boolean };

const interpret = <T>(
  download: Download,
  parse: (text: string) => Parsed<T>,
  runsOf: (value: T) => readonly RunSummary[],
): Part => {
  if (download.kind === "absent") return { runs: [], reason: null, absent: true };
  if (download.kind === "refused") return { runs: [], reason: download.reason, absent: false };
  const value = parse(download.text);
  if (value.ok) return { runs: runsOf(value.value), reason: null, absent: false };
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
