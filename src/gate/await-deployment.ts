import type { Problem } from "../errors.ts";
import type { Clock, Log } from "../ports.ts";
import { type Progress, type RolloutRules, rolloutStep } from "../target/rollout.ts";
import type { EpochMs } from "../units.ts";
import { unlessAborted } from "./unless-aborted.ts";

export type Awaited<T> =
  | { readonly kind: "ready"; readonly value: T }
  | { readonly kind: "not-ready"; readonly problem: Problem; readonly value: T | null };

export type AwaitDeployment<T> = {
  /** One look at AWS: what stands where, and everything that was read. */
  readonly look: () => Promise<{ readonly parts: readonly Progress[]; readonly value: T }>;
  readonly rules: RolloutRules;
  readonly ports: { readonly clock: Clock; readonly log: Log };
  readonly signal: AbortSignal;
};

const LOG_EVERY = 10_000;

/** Looks until all parts of a deployment are in place, one has failed, or the deadline has passed. */
export const awaitDeployment = async <T>({ look, rules, ports, signal }: AwaitDeployment<T>): Promise<Awaited<T>> => {
  const { clock, log } = ports;
  let logged: EpochMs | null = null;
  let last: T | null = null;
  while (!signal.aborted) {
    const seen = await unlessAborted(look(), signal);
    if (seen === null) break;
    last = seen.value;
    const now = clock.now();
    const step = rolloutStep(rules, seen.parts, now);
    if (step.kind === "ready") return { kind: "ready", value: seen.value };
    if (step.kind === "give-up") return { kind: "not-ready", problem: step.problem, value: last };
    if (logged === null || now - logged >= LOG_EVERY) {
      log.wait({ text: "Waiting for the deployment", until: rules.deadline, detail: step.text });
      logged = now;
    }
    await clock.sleep(step.time, signal);
  }
  return { kind: "not-ready", problem: INTERRUPTED, value: last };
};

const INTERRUPTED: Problem = {
  code: "interrupted",
  severity: "invalid",
  message: "The wait for the deployment was interrupted before any load was sent.",
  hint: "Run it again to the end.",
};
