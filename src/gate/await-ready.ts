import { NEVER_SENT } from "../config/hosts.ts";
import { type Problem, UserError, usageProblem } from "../errors.ts";
import type { Clock, Log, Probe } from "../ports.ts";
import { causeText, durationText, shownUrl } from "../target/not-ready.ts";
import {
  type ProbeRecord,
  probeRecord,
  type ReadinessRules,
  readinessStart,
  readinessStep,
} from "../target/readiness.ts";
import { type EpochMs, type Millis, millis } from "../units.ts";
import { unlessAborted } from "./unless-aborted.ts";

export type Readiness =
  | {
      readonly kind: "ready";
      readonly probes: readonly ProbeRecord[];
      /** Headers of the last answer, names in lower case: they tell the front end. */
      readonly headers: Readonly<Record<string, string>>;
    }
  | { readonly kind: "not-ready"; readonly problem: Problem; readonly probes: readonly ProbeRecord[] };

export type AwaitReady = {
  readonly rules: ReadinessRules;
  /** Sent with every probe, the User-Agent of the run included. Values may be secret. */
  readonly headers: Readonly<Record<string, string>>;
  /** The headers of one probe with those that sign it; absent when nothing is signed. */
  readonly sign?:
    | ((url: string, headers: Readonly<Record<string, string>>) => Promise<Readonly<Record<string, string>>>)
    | null;
  readonly insecure: boolean;
  readonly ports: { readonly probe: Probe; readonly clock: Clock; readonly log: Log };
  readonly signal: AbortSignal;
};

/** One probe may take this long, and at least the second even when the deadline is nearer. */
const PROBE_TIMEOUT = 10_000;
const MIN_PROBE_TIMEOUT = 1_000;
const LOG_EVERY = 5_000;

/**
 * Probes the target until it is ready, the deadline has passed or the signal aborts (problem `interrupted`). Begins at
 * once. Logs the last cause with a countdown, every few seconds.
 */
export const awaitReady = async ({
  rules,
  headers: own,
  sign,
  insecure,
  ports,
  signal,
}: AwaitReady): Promise<Readiness> => {
  const { clock, log, probe } = ports;
  const probes: ProbeRecord[] = [];
  const begun = clock.now();
  let state = readinessStart;
  let logged: EpochMs | null = null;
  while (!signal.aborted) {
    const at = clock.now();
    const headers = sign ? await sign(rules.url, own) : own;
    const probing = probe({ url: rules.url, headers, insecure, timeout: probeTimeout(rules, at) });
    const answer = await unlessAborted(probing, signal);
    if (answer === null) break;
    if (answer.kind === "forbidden")
      throw new UserError([usageProblem("host-not-allowed", `${answer.text}.`, NEVER_SENT)]);
    probes.push(probeRecord(at, answer));
    const now = clock.now();
    const step = readinessStep(rules, state, { answer, now });
    if (step.kind === "give-up") return { kind: "not-ready", problem: step.problem, probes };
    if (step.kind === "ready") {
      log.info(`${shownUrl(rules.url)} is ready after ${durationText(millis(now - begun))}.`);
      return { kind: "ready", probes, headers: answer.kind === "answer" ? answer.headers : {} };
    }
    state = step.state;
    if (state.last !== null && state.successes === 0 && (logged === null || now - logged >= LOG_EVERY)) {
      log.wait({ text: `Waiting for ${shownUrl(rules.url)}`, until: rules.deadline, detail: causeText(state.last) });
      logged = now;
    }
    await clock.sleep(step.time, signal);
  }
  return { kind: "not-ready", problem: interrupted(rules), probes };
};

const probeTimeout = ({ deadline }: ReadinessRules, now: EpochMs): Millis =>
  millis(Math.max(MIN_PROBE_TIMEOUT, Math.min(PROBE_TIMEOUT, deadline - now)));

const interrupted = ({ url }: ReadinessRules): Problem => ({
  code: "interrupted",
  severity: "invalid",
  message: `The wait for ${shownUrl(url)} was interrupted before any load was sent.`,
  hint: "Run it again to the end.",
});
