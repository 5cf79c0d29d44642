import type { Problem } from "../errors.ts";
import type { LoadPlan } from "../load/plan.ts";
import type { LoadResult } from "../load/result.ts";

type Signal = { readonly text: string; readonly hint: string };

/** Thresholds of reference/load-generators.md section 5, column `inconclusive`. */
const BUSY_WINDOWS = 0.05;
const LOOP_DELAY_MS = 100;
const LOOP_DELAY_OF_P95 = 0.25;
const STOLEN_CPU = 0.4;
const LOCAL_ERRORS = 0.001;
const USERS_REACHED = 0.95;
/** The bar that a run must not miss: p95 wrong by a tenth because of the generator (SPEC 10). */
const LAG_OF_P95 = 0.1;
/** A threshold relative to a percentile also needs this much, or a fast target would make a calm generator suspect. */
const FLOOR_MS = 5;

const SMALLER_LOAD = "Use a runner with more cores, or fewer users or a longer wait-time.";
const QUIET_RUNNER = "Run it again on a runner that does nothing else, or use one with more cores.";

/** `generator-saturated` with every sign of it, or `null`: what was measured may be the generator and not the target. */
export const saturationProblem = (load: LoadResult, plan: Pick<LoadPlan, "spawnRate" | "runTime">): Problem | null => {
  const signals = [
    busySignal(load),
    loopDelaySignal(load),
    lagSignal(load),
    stolenSignal(load),
    localErrorSignal(load),
    usersSignal(load, plan),
  ].filter((signal) => signal !== null);
  const [first] = signals;
  if (first === undefined) return null;
  return {
    code: "generator-saturated",
    severity: "invalid",
    message: `The load generator was at its own limit: ${signals.map(({ text }) => text).join("; ")}.`,
    hint: first.hint,
  };
};

const busySignal = ({ generator }: LoadResult): Signal | null =>
  generator.utilisation.shareAbove80 > BUSY_WINDOWS
    ? {
        text: `a worker's event loop was more than 80 % busy in ${percent(generator.utilisation.shareAbove80)} of the seconds`,
        hint: SMALLER_LOAD,
      }
    : null;

const loopDelaySignal = ({ generator, response }: LoadResult): Signal | null => {
  const { p99 } = generator.loopDelayMs;
  const againstP95 = response.p95 !== null && p99 > FLOOR_MS && p99 > LOOP_DELAY_OF_P95 * response.p95;
  if (p99 <= LOOP_DELAY_MS && !againstP95) return null;
  const beside = response.p95 === null ? "" : ` beside a p95 of ${ms(response.p95)}`;
  return { text: `its event loop was late by ${ms(p99)} (p99)${beside}`, hint: QUIET_RUNNER };
};

/**
 * In the closed model nothing but the generator stands between the intended and the actual start, so the gap between
 * response and service time is its own error, in the very figure that is judged.
 */
const lagSignal = ({ response, service }: LoadResult): Signal | null => {
  if (response.p95 === null || service.p95 === null) return null;
  const lag = response.p95 - service.p95;
  return lag > FLOOR_MS && lag > LAG_OF_P95 * service.p95
    ? { text: `requests started late and added ${ms(lag)} to a p95 of ${ms(service.p95)}`, hint: SMALLER_LOAD }
    : null;
};

/** A loop that is busy without using the CPU is waiting for a core that somebody else has. */
const stolenSignal = ({ generator }: LoadResult): Signal | null => {
  const gap = generator.utilisation.mean - generator.cpuShare;
  return gap > STOLEN_CPU
    ? {
        text: `its event loop was ${percent(generator.utilisation.mean)} busy with ${percent(generator.cpuShare)} of the CPU, so the core was taken by others`,
        hint: QUIET_RUNNER,
      }
    : null;
};

const localErrorSignal = ({ totals }: LoadResult): Signal | null => {
  const errors = totals.outcomes["local-error"];
  return totals.requests > 0 && errors / totals.requests > LOCAL_ERRORS
    ? {
        text: `${errors} of ${totals.requests} requests failed on this machine`,
        hint: "Raise the runner's limits (open files, local ports), or use fewer users; the first examples name the limit.",
      }
    : null;
};

/** A ramp that is longer than the run, or a run that was cut short, does not reach its users by plan. */
const usersSignal = (
  { generator, stopped }: LoadResult,
  plan: Pick<LoadPlan, "spawnRate" | "runTime">,
): Signal | null => {
  const planned = Math.min(generator.usersAsked, Math.floor(plan.spawnRate * plan.runTime));
  return stopped === "run-time" && generator.usersReached < USERS_REACHED * planned
    ? { text: `it started ${generator.usersReached} of ${planned} users`, hint: SMALLER_LOAD }
    : null;
};

const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
