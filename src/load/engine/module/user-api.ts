import type { Answer, User } from "../../../scenario/define.ts";
import type { ScopeRandom } from "../../../scenario/scenario.ts";

/** What stands behind the `user` of a module. */
export type UserDoors = {
  readonly index: number;
  readonly data: Record<string, unknown>;
  readonly random: ScopeRandom;
  readonly log: (line: string) => void;
  readonly request: (options: unknown) => Promise<Answer>;
  /** Seconds, already checked. */
  readonly wait: (seconds: number) => Promise<void>;
  readonly check: (name: string, ok: boolean) => boolean;
};

const LONGEST_WAIT_S = 86_400;

/** The `user` that a function of the module is given; its methods need no `this`. */
export const userApi = ({ index, data, random, log, ...doors }: UserDoors): User => ({
  index,
  data,
  random: { int: (min, max) => randomInt(min, max, random), uuid: random.uuid },
  request: doors.request,
  wait: (seconds) => {
    if (typeof seconds === "number" && seconds >= 0 && seconds <= LONGEST_WAIT_S) return doors.wait(seconds);
    throw new TypeError(`user.wait needs seconds from 0 to ${LONGEST_WAIT_S}, and ${String(seconds)} was given.`);
  },
  check: (name, ok) => doors.check(String(name), Boolean(ok)),
  log: (text) => log(`user ${index}: ${String(text)}`),
});

/** The same draw as `{{ random.int(a, b) }}` of a YAML scenario. */
const randomInt = (min: number, max: number, { values }: ScopeRandom): number => {
  if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max) || min > max) {
    throw new TypeError(`user.random.int needs two whole numbers, the smaller first: ${String(min)}, ${String(max)}.`);
  }
  return min + Math.floor(values() * (max - min + 1));
};
