import { type Parsed, parsed, refused, usageProblem } from "../errors.ts";
import { type Seconds, seconds } from "../units.ts";

/** What a user does between tasks, in Locust's spellings. */
export type WaitTime =
  | { readonly kind: "constant"; readonly seconds: Seconds }
  | { readonly kind: "between"; readonly min: Seconds; readonly max: Seconds }
  /** Time from task start to task start; 0 wait when the task took longer. */
  | { readonly kind: "constant_pacing"; readonly seconds: Seconds }
  /** Tasks per second and user; the same as `constant_pacing(1 / perSecond)`. */
  | { readonly kind: "constant_throughput"; readonly perSecond: number };

const LONGEST_WAIT = 86_400;
const LARGEST = 1e9;
const HINT = "Write constant(1), between(1,3), constant_pacing(2) or constant_throughput(0.5); times are seconds.";

/** Reads `constant(1)`, `between(1,3)`, `constant_pacing(2)`, `constant_throughput(0.5)`. Seconds, at most a day. */
export const parseWaitTime = (text: string): Parsed<WaitTime> => {
  const call = /^\s*([a-z_]+)\s*\(([^()]*)\)\s*$/.exec(text);
  const numbers = (call?.[2] ?? "").split(",").map(readNumber);
  const [first, second] = numbers;
  if (call === null || first === undefined || numbers.includes(undefined)) {
    return bad(`wait-time "${text}" is not a wait time`);
  }
  const kind = call[1];
  if (numbers.length !== (kind === "between" ? 2 : 1)) {
    return bad(`wait-time "${text}" has ${numbers.length} numbers`);
  }
  switch (kind) {
    case "constant":
    case "constant_pacing":
      return checked(text, { kind, seconds: seconds(first) });
    case "between":
      return checked(text, { kind, min: seconds(first), max: seconds(second ?? first) });
    case "constant_throughput":
      return checked(text, { kind, perSecond: first });
    default:
      return bad(`wait-time "${text}" is not a wait time`);
  }
};

/** The shortest spelling that parses back to the same value. */
export const formatWaitTime = (wait: WaitTime): string => {
  switch (wait.kind) {
    case "constant":
    case "constant_pacing":
      return `${wait.kind}(${wait.seconds})`;
    case "between":
      return `between(${wait.min},${wait.max})`;
    case "constant_throughput":
      return `constant_throughput(${wait.perSecond})`;
  }
};

/**
 * How long a user waits after a task that took `taskSeconds` from its intended start to its end; `random01` in [0, 1).
 * Pacing counts from the intended start, so that a late timer does not add up over the run.
 */
export const waitAfterTask = (wait: WaitTime, taskSeconds: Seconds, random01: number): Seconds => {
  switch (wait.kind) {
    case "constant":
      return wait.seconds;
    case "between":
      return seconds(wait.min + random01 * (wait.max - wait.min));
    case "constant_pacing":
    case "constant_throughput":
      return seconds(Math.max(0, longestWait(wait) - taskSeconds));
  }
};

/** No wait between two tasks is longer. */
export const longestWait = (wait: WaitTime): Seconds => {
  switch (wait.kind) {
    case "constant":
    case "constant_pacing":
      return wait.seconds;
    case "between":
      return wait.max;
    case "constant_throughput":
      return seconds(1 / wait.perSecond);
  }
};

/** Mean time from one intended start to the next for tasks that take `taskSeconds`. */
export const meanCycle = (wait: WaitTime, taskSeconds: Seconds): Seconds =>
  seconds(taskSeconds + waitAfterTask(wait, taskSeconds, 0.5));

/** To the microsecond, so that what is written back needs no exponent. */
const readNumber = (text: string): number | undefined => {
  if (!/^(\d+\.?\d*|\.\d+)$/.test(text.trim())) return undefined;
  const value = Number(Number(text).toFixed(6));
  return value > LARGEST ? undefined : value;
};

const bad = (message: string): Parsed<never> => refused([usageProblem("bad-value", message, HINT)]);

const checked = (text: string, wait: WaitTime): Parsed<WaitTime> => {
  if (wait.kind === "between" && wait.min > wait.max) return bad(`wait-time "${text}" has its maximum first`);
  if (wait.kind === "constant_throughput" && wait.perSecond === 0) return bad(`wait-time "${text}" never runs a task`);
  return longestWait(wait) > LONGEST_WAIT ? bad(`wait-time "${text}" waits longer than a day`) : parsed(wait);
};
