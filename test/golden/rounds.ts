/** Rounds of paired mode around two medians: the same figures always. */
import type { Round, RoundArm, RunRecord } from "../../src/record/record.ts";
import { BASE_SHA, latency, outcomes } from "./fixtures.ts";

const SEGMENT_SECONDS = 20;
const START = Date.parse("2027-01-15T08:00:05.000Z");
const RESPONSES = 660;

/** `count` rounds in counter-balanced order, the last `confirming` of them measured to confirm a `fail`. */
export const roundsOf = (given: {
  readonly count: number;
  readonly confirming: number;
  readonly base: number;
  readonly head: number;
}): Pick<RunRecord, "rounds" | "baseArm"> => ({
  rounds: Array.from({ length: given.count + given.confirming }, (_, i): Round => {
    // The machine's pace wavers for both arms alike, each arm a little by itself.
    const pace = 1 + 0.05 * Math.sin(i * 1.3);
    return {
      order: i % 2 === 0 ? "base-first" : "head-first",
      base: arm(2 * i, given.base * pace * (1 + 0.012 * Math.sin(i * 2.9)), i),
      head: arm(2 * i + 1, given.head * pace * (1 + 0.012 * Math.cos(i * 2.3)), i + 1),
      ...(i < given.count ? {} : { confirms: true }),
    };
  }),
  baseArm: {
    url: "https://main.example.com/",
    sha: BASE_SHA,
    system: {
      region: "eu-west-1",
      frontEnd: "http-api",
      "functions.0.name": "orders-main",
      "functions.0.memoryMb": 512,
    },
    cloud: null,
  },
});

const arm = (segment: number, p50: number, round: number): RoundArm => {
  const start = START + segment * SEGMENT_SECONDS * 1000;
  const failed = round % 5 === 4 ? 1 : 0;
  const median = Math.round(p50 * 100) / 100;
  const response = latency(median, RESPONSES - failed);
  const times = { ...response, p95: median * (2.2 + 0.08 * Math.sin(segment * 1.9)) };
  return {
    window: {
      start: new Date(start).toISOString(),
      end: new Date(start + SEGMENT_SECONDS * 1000).toISOString(),
      seconds: SEGMENT_SECONDS,
    },
    outcomes: outcomes({ ok: RESPONSES - failed, "server-error": failed }),
    response: times,
    service: times,
  };
};
