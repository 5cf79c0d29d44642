import { geometricMean } from "../stats/prediction.ts";
import { stepsAround } from "./accepted-steps.ts";
import { against, plateauOf, type UsedPlateau } from "./against.ts";
import { usableBase } from "./gaps.ts";
import { compareLogs, type LogData, observeLogs, type Response } from "./latency.ts";
import type { LogQuestion, LogSource } from "./log-source.ts";
import { logsOfArms, logsOfRounds } from "./measure-rounds.ts";
import { logsOf, logsOfRuns, type Plateaus, spreadOf } from "./measure-runs.ts";
import type { Against, Gap, Measured, Question, Sides } from "./measured.ts";
import { findSteps, logContrast, pooled } from "./plateau.ts";
import { percent } from "./wording.ts";

/** Latencies of the survivors say little once this share of the requests failed (SPEC 12.1). */
const FAILING_SHARE = 0.1;

/** Measures a metric on the log scale: plateau, spread, both sides, and what cannot be compared. */
export const measureLogs = (question: Question, sides: Sides, source: LogSource): Measured => {
  const asked = { question, sides, source };
  const apart = sides.design.kind === "runs";
  const found = usableBase(question, sides);
  const positive = found.filter((run) => source.figure(run) > 0);
  // Rounds are compared all or not at all.
  const usable = apart || positive.length === found.length ? positive : [];
  const steps = apart ? stepsAround(question.id, usable, (part) => findSteps(logsOf(part, source), logContrast)) : [];
  const plateau = plateauOf(question, usable, steps, (runs) => geometricMean(runs.map(source.figure)));
  const runs = plateau?.runs ?? [];
  const head = source.response(runs);
  const plateaus = [0, ...steps].map((from, i) => usable.slice(from, steps[i]));
  return {
    kind: "observed",
    observed: observeLogs({
      worse: question.info.worse,
      head,
      spread: spreadOf(apart ? asked : { ...asked, sides: { ...sides, heads: [] } }, apart ? plateaus : []).spread,
      runs: sides.heads.length,
      apart: apart ? sides.heads.length : 1,
      samples: source.samples(sides.heads),
    }),
    remark: source.remark(runs),
    survivorsOnly: survivorsOnly(question, sides),
    networkMoved: null,
    against: againstLogs(asked, { plateau, plateaus, head, onlyZeros: usable.length === 0 && found.length > 0 }),
  };
};

type Compared = {
  readonly plateau: UsedPlateau | null;
  readonly plateaus: Plateaus;
  readonly head: Response;
  readonly onlyZeros: boolean;
};

const againstLogs = (asked: LogQuestion, { plateau, plateaus, head, onlyZeros }: Compared): Against => {
  const { question, sides, source } = asked;
  const headIsZero = sides.heads.some((one) => !(source.figure(one) > 0));
  if (headIsZero || onlyZeros)
    return { kind: "gap", gap: noLogarithm(question, headIsZero ? "this run" : "the base", head.value) };
  return against(question, sides, plateau, (used) => ({
    comparison: compareLogs(logData(asked, head, plateaus), source.level(used)),
    samples: source.samples(used),
  }));
};

const logData = (asked: LogQuestion, head: Response, plateaus: Plateaus): LogData => {
  const { design } = asked.sides;
  switch (design.kind) {
    case "runs":
      return logsOfRuns(asked, head, plateaus);
    case "rounds":
      return logsOfRounds(asked, head, design);
    case "arms":
      return logsOfArms(asked, head, design);
  }
};

const noLogarithm = ({ id, info }: Question, whose: string, head: number): Gap => ({
  verdict: "inconclusive",
  code: info.source === "cloud" ? "cloud-incomplete" : "no-requests",
  head: Number.isFinite(head) ? head : null,
  reason: `${id} of ${whose} is 0, and a change from or to 0 has no ratio`,
});

/** Rounds are parts of one arm: their failures are counted together. */
const survivorsOnly = ({ info, scope }: Question, { heads, design }: Sides): string | null => {
  if (info.family !== "latency" || info.source !== "client") return null;
  const counts = heads.map((head) => {
    const own = scope === null ? undefined : head.counts[`failure-rate@${scope}`];
    return own === undefined || own.trials === 0
      ? { events: head.failureShare * head.requests, trials: head.requests }
      : own;
  });
  const arm = pooled(counts);
  const shares =
    design.kind === "runs"
      ? counts.map((one, i) => (one.trials === 0 ? (heads[i]?.failureShare ?? 0) : one.events / one.trials))
      : [arm.events / Math.max(1, arm.trials)];
  const worst = Math.max(...shares);
  return worst > FAILING_SHARE ? `${percent(worst).slice(1)} of the requests failed` : null;
};
