import { LEARNED_RUNS } from "../judge/spread.ts";
import { type BaselineFacts, type Judgement, type Verdict, verdictOf } from "../judge/verdict.ts";
import type { RunRecord } from "../record/record.ts";
import { clip } from "./escape.ts";
import { countOf, formatDuration, formatFigure } from "./format.ts";
import type { ReportInput } from "./report.ts";

const LONGEST_NAME = 80;

/** Where the figures come from, in parts of one line: gate, mode, the two sides, the load, the region. */
export const buildProvenance = ({ judgement, record, context }: ReportInput): readonly string[] =>
  [
    `${gateName(context.name)}: ${gateState(judgement)}`,
    modeText(judgement),
    judgement.mode === "absolute" ? null : baselineText(judgement.baseline, context.baseBranch),
    context.headSha === null ? null : `head ${shortSha(context.headSha)}`,
    record === null ? "nothing was sent" : loadText(record),
    context.region === null ? null : clip(context.region, LONGEST_NAME),
  ].filter((part) => part !== null);

/** A gate that is called gate is not told twice. */
const gateName = (name: string): string => (name === "gate" ? name : `gate ${clip(name, LONGEST_NAME)}`);

export const shortSha = (sha: string): string => sha.slice(0, 7);

/** Says which setting decided where it was not the verdict itself, as far as only one can have. */
const gateState = (judgement: Judgement): string => {
  const { verdict, gateOpen } = judgement;
  if (gateOpen) return verdict === "fail" ? "open (fail-on: never)" : "open";
  // A cancelled run closes the gate whatever the settings say (SPEC 12.4).
  if (isInterrupted(judgement)) return "closed (interrupted)";
  const closers = verdict === "fail" ? [] : closersOf(judgement);
  return closers.length === 1 ? `closed (on-${closers[0]}: fail)` : "closed";
};

const isInterrupted = ({ problems, metrics }: Judgement): boolean =>
  problems.some(({ code }) => code === "interrupted") ||
  metrics.some(({ finding }) => finding.kind === "not-measured" && finding.code === "interrupted");

/** Each gating metric closes the gate by its own verdict; a tolerated `invalid` may stand before what closed it. */
const closersOf = ({ verdict, metrics }: Judgement): readonly Verdict[] => {
  const said = metrics
    .filter(({ gates, finding }) => gates && !(finding.kind === "inconclusive" && finding.face === "neutral"))
    .map(({ finding }) => verdictOf(finding));
  return REACTIONS.filter((reaction) => reaction === verdict || said.includes(reaction));
};

const REACTIONS: readonly Verdict[] = ["invalid", "inconclusive", "no-baseline"];

const modeText = ({ mode, metrics }: Judgement): string => {
  if (mode === "history") return "history mode";
  if (mode === "absolute") return "absolute limits only";
  const rounds = Math.max(0, ...metrics.map(({ finding }) => ("evidence" in finding ? finding.evidence.headRuns : 0)));
  return rounds > 0 ? `paired mode, ${countOf(rounds, "round")}` : "paired mode";
};

const baselineText = (baseline: BaselineFacts | null, branch: string | null): string => {
  if (baseline === null) return "no baseline";
  const { state, sha, spread } = baseline;
  const side = state === "file" ? "file" : clip(branch ?? "branch", LONGEST_NAME);
  const at = sha === null ? side : `${side} ${shortSha(sha)}`;
  const where = spread === "paired" && state === "latest" ? "measured beside it" : STATE_TEXT[state];
  const facts = [where, spread === "paired" ? null : runsText(baseline), spreadText(baseline)];
  const known = facts.filter((fact) => fact !== null);
  return known.length === 0 ? `base ${at}` : `base ${at} (${known.join(", ")})`;
};

const STATE_TEXT: Readonly<Record<BaselineFacts["state"], string | null>> = {
  exact: "merge base",
  ancestor: "ancestor of the merge base",
  latest: "latest run, merge base unknown",
  file: null,
};

const runsText = ({ runs, used }: BaselineFacts): string => {
  return used === runs ? countOf(runs, "run") : `${used} of ${countOf(runs, "run")} used`;
};

const spreadText = ({ spread, used, calibrated = 0 }: BaselineFacts): string | null => {
  if (spread === "paired") return null;
  if (calibrated > used)
    return spread === "learned" ? "spread calibrated" : `spread learning ${calibrated} of ${LEARNED_RUNS}`;
  return spread === "learning" ? `spread learning ${used} of ${LEARNED_RUNS}` : `spread ${spread}`;
};

const loadText = ({ plan, totals, rounds, imported, shards }: NonNullable<ReportInput["record"]>): string => {
  if (imported !== undefined) return `imported from ${clip(imported.format, LONGEST_NAME)}`;
  return [
    ...shapeText(plan),
    `${rounds === undefined ? "run time" : "segments of"} ${formatDuration(plan.runTime)}`,
    ...(totals.steadySeconds > 0 ? [`${formatDuration(totals.steadySeconds)} steady`] : []),
    ...(shards === undefined ? [] : [countOf(shards.length, "shard")]),
  ].join(", ");
};

/** What the load was asked to be: arrivals or stages where there are any, and the users that carried them. */
const shapeText = ({ users, spawnRate, rate, stages }: RunRecord["plan"]): readonly string[] => {
  if (stages !== null) return [`stages ${clip(stages, LONGEST_NAME)}`, `at most ${countOf(users, "user")}`];
  if (rate !== null) return [`rate ${clip(rate, LONGEST_NAME)}`, `${countOf(users, "user")} in the pool`];
  return [countOf(users, "user"), `spawn rate ${formatFigure(spawnRate)}/s`];
};
