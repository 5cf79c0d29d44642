import type { Baseline, History } from "../baseline/baseline.ts";
import { HISTORY_SCHEMA } from "../baseline/baseline.ts";
import { matchHistory } from "../baseline/common-tasks.ts";
import { describeRuns } from "../baseline/describe.ts";
import { isSound, unite, uniteRuns } from "../baseline/history.ts";
import { type Search, type Selection, selectRuns } from "../baseline/select.ts";
import type { Config } from "../config/config.ts";
import type { BaseHistory, Clock, Log } from "../ports.ts";
import { parseRecord } from "../record/parse-record.ts";
import type { GitFacts, RunRecord } from "../record/record.ts";
import { scrub } from "../record/scrub.ts";
import type { RunSummary } from "../record/summary.ts";
import { epochMs, type Millis, millis } from "../units.ts";
import { type Candidate, type CandidateSearch, readCandidate } from "./baseline-candidate.ts";
import { type BaselineFile, baselineOfFile } from "./baseline-file.ts";
import { noiseOf } from "./calibrated-noise.ts";
import { unlessAborted } from "./unless-aborted.ts";

export type BaselineRequest = {
  readonly config: Pick<Config, "name" | "baseline"> & Partial<Pick<Config, "secrets">>;
  /** The run to be judged. */
  readonly head: RunSummary;
  readonly git: GitFacts;
  /** Path of this workflow, such as `.github/workflows/gate.yml`; `null` outside GitHub. */
  readonly workflow: string | null;
  /** From `readBaselineFile`, when the baseline is a file. */
  readonly file: BaselineFile | null;
  readonly ports: { readonly history: BaseHistory | null; readonly clock: Clock; readonly log: Log };
  /** Ends the waiting for a base run that is in progress. */
  readonly signal?: AbortSignal;
};

export type BaselineFound = {
  readonly baseline: Baseline;
  /** What the base branch's history held so far, of whatever load: to be carried forward by a run on the base branch. */
  readonly history: History | null;
};

/**
 * Finds what to compare with: a file, nothing, or what runs on the base branch stored (SPEC 12.2, "Baseline
 * candidates"). A missing permission or an unreadable artifact is a note and ends in `no-baseline` at worst.
 */
export const findBaseline = async (request: BaselineRequest): Promise<BaselineFound> => {
  const { config, file, ports } = request;
  if (config.baseline.source.kind === "none") return { baseline: { kind: "absolute" }, history: null };
  if (file !== null) return { baseline: baselineOfFile(file, request.head), history: null };
  if (ports.history === null) return noneGiven();
  const branch = config.baseline.branch ?? request.git.baseBranch;
  const workflow = workflowPath(config.baseline.workflow ?? request.workflow);
  if (branch === null) return nothing("the base branch is not known", []);
  if (workflow === null) return nothing("the workflow of this run is not known", []);
  const searching = searchRuns(request, ports.history, { branch, workflow });
  const found = request.signal === undefined ? await searching : await unlessAborted(searching, request.signal);
  return found === null
    ? nothing("the search was interrupted", [])
    : { ...found, baseline: withoutSecrets(found.baseline, config.secrets ?? []) };
};

/** What GitHub says of a failure may repeat anything. */
const withoutSecrets = (baseline: Baseline, secrets: readonly string[]): Baseline => {
  if (baseline.kind === "absolute") return baseline;
  const notes = scrub(baseline.notes, secrets);
  return baseline.kind === "none"
    ? { ...baseline, notes, problem: scrub(baseline.problem, secrets) }
    : { ...baseline, notes };
};

/** Candidates looked at together: the nearest runs may have overlapped, so that each one's history lacks the others. */
const BATCH = 3;
const MOST_TRIED = 21;
const LINE_LENGTH = 50;
const POLL: Millis = millis(10_000);
const MOST_NOTES = 10;

const searchRuns = async (
  request: BaselineRequest,
  history: BaseHistory,
  where: Pick<Search, "branch" | "workflow">,
): Promise<BaselineFound> => {
  const line = await orReason(history.ancestors(LINE_LENGTH));
  const search = { ...where, ownRunId: request.git.runId, line: line.ok ? line.value : [] };
  const lineNotes = line.ok ? [] : [`the commits before this change could not be listed: ${line.reason}`];
  const listed = await orReason(listSettled(request, history, search));
  if (!listed.ok) return nothing(`the runs of ${search.branch} could not be listed: ${listed.reason}`, lineNotes);
  const tried = await tryCandidates(listed.value.candidates, request, { history, branch: search.branch });
  const notes = [...lineNotes, ...listed.value.notes, ...tried.flatMap(refusalNotes)];
  const found = withoutItself(uniteRuns(tried.map((one) => one.runs)), request);
  const carried = unite(
    tried.map(({ carried: all, known }) => ({
      schema: HISTORY_SCHEMA,
      runs: withoutItself(all, request),
      ...known,
    })),
  );
  const match = matchHistory(found, request.head);
  if (found.length === 0 || match.kind === "different") {
    const refused = listed.value.refusals.map(({ runId, reason }) => `run ${runId} was not used: it ${reason}`);
    const none = nothing(`no run of ${search.workflow} on ${search.branch} holds one`, [...notes, ...refused]);
    return { ...none, history: carried };
  }
  const { base: runs, leftOut } = match;
  const described = describeRuns(runs, { line: search.line, now: request.ports.clock.now() });
  const { noise, notes: calibrated } = noiseOf(carried, request.head.fingerprint.test);
  const said = shortened([...described.notes, ...match.notes, ...calibrated, ...notes]);
  const baseline = { ...described, ...noise, kind: "found", runs, notes: said, ...(leftOut && { leftOut }) } as const;
  return { baseline: { ...baseline, ...wholeRecord(runs, tried) }, history: carried };
};

/** The record of the newest run, where one of the candidates is that run. */
const wholeRecord = (
  runs: readonly RunSummary[],
  tried: readonly Candidate[],
): { readonly record: RunRecord } | Record<string, never> => {
  const newest = runs.at(-1);
  const text = tried.find(({ runId }) => runId === newest?.runId)?.recordText ?? null;
  const record = text === null ? null : parseRecord(text);
  return record?.ok === true && record.value.id === newest?.id ? { record: record.value } : {};
};

/** The runs of the branch; while the merge base's own run is in progress, asked again until `baseline-wait` is over. */
const listSettled = async (
  { config, head, git, ports, signal }: BaselineRequest,
  history: BaseHistory,
  search: Search,
): Promise<Selection & { readonly notes: readonly string[] }> => {
  const { clock, log } = ports;
  const onBase = git.pullRequest === null && git.branch === search.branch;
  // A run on the base has no merge base to wait for; a run that measured nothing has nothing to wait for.
  const deadline = clock.now() + (onBase || !isSound(head) ? 0 : config.baseline.wait);
  for (;;) {
    const selection = selectRuns(await history.runs(search), search);
    const left = deadline - clock.now();
    if (selection.awaited === null) return { ...selection, notes: [] };
    if (left <= 0 || signal?.aborted === true)
      return { ...selection, notes: [`run ${selection.awaited.id} of the merge base itself is still in progress`] };
    const text = `Waiting for run ${selection.awaited.id} of the merge base`;
    log.wait({ text, until: epochMs(deadline), detail: null });
    await clock.sleep(millis(Math.min(POLL, left)), signal);
  }
};

/** Nearest first, in batches, until one holds a run of our load. */
const tryCandidates = async (
  candidates: Selection["candidates"],
  { config, head }: BaselineRequest,
  where: Pick<CandidateSearch, "history" | "branch">,
): Promise<readonly Candidate[]> => {
  const tried: Candidate[] = [];
  const context = { ...where, name: config.name, head };
  while (tried.length < Math.min(candidates.length, MOST_TRIED)) {
    const batch = candidates.slice(tried.length, tried.length + BATCH);
    tried.push(...(await Promise.all(batch.map((run) => readCandidate(run.id, context)))));
    if (tried.some((one) => one.runs.length > 0)) break;
  }
  return tried;
};

/** A run of an earlier attempt carries our run id: it is this run, not its past. */
const withoutItself = (runs: readonly RunSummary[], { head, git }: BaselineRequest): readonly RunSummary[] =>
  runs.filter((run) => run.id !== head.id && (run.runId === null || run.runId !== git.runId));

const refusalNotes = ({ runId, reasons }: Candidate): readonly string[] =>
  reasons.map((reason) => `run ${runId}: ${reason}`);

const shortened = (notes: readonly string[]): readonly string[] =>
  notes.length <= MOST_NOTES ? notes : [...notes.slice(0, MOST_NOTES), `and ${notes.length - MOST_NOTES} more`];

/** On a command line outside GitHub, where nobody keeps runs for us. */
const noneGiven = (): BaselineFound => ({
  baseline: {
    kind: "none",
    problem: {
      code: "no-baseline",
      severity: "warning",
      message: "There is no baseline: none was given.",
      hint: "Give this run record to the next run with --baseline, and that run a file of its own with --out.",
    },
    notes: [],
  },
  history: null,
});

const nothing = (reason: string, notes: readonly string[]): BaselineFound => ({
  baseline: {
    kind: "none",
    problem: {
      code: "no-baseline",
      severity: "warning",
      message: `There is no baseline: ${reason}.`,
      hint: "Run this workflow on the base branch once; the job needs the permission actions: read.",
    },
    notes: shortened(notes),
  },
  history: null,
});

/** `gate.yml` stands for `.github/workflows/gate.yml`. */
export const workflowPath = (name: string | null): string | null =>
  name === null || name.includes("/") ? name : `.github/workflows/${name}`;

type Tried<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

/** The base branch's past is worth a note when GitHub does not tell it, never the run. */
const orReason = async <T>(attempt: Promise<T>): Promise<Tried<T>> => {
  try {
    return { ok: true, value: await attempt };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
};
