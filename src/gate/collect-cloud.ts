import { aggregate } from "../cloud/aggregate.ts";
import type { CloudResult, CloudState, FunctionRef } from "../cloud/cloud.ts";
import { cloudNotes } from "../cloud/cloud-notes.ts";
import type { Counts } from "../cloud/counts.ts";
import type { Expectation } from "../cloud/expectation.ts";
import {
  ACCOUNT_QUERY,
  buildQueries,
  type MetricAnswer,
  type MetricQuery,
  type MetricValues,
} from "../cloud/queries.ts";
import { type SettleRules, type SettleState, settle, settleRules, settleStart } from "../cloud/settle.ts";
import { grouped, isOnlyAbsent, requestsText } from "../cloud/settle-reason.ts";
import { cloudWindow, type Span } from "../cloud/window.ts";
import type { Clock, CloudMetrics, Log } from "../ports.ts";
import { type EpochMs, type Millis, millis } from "../units.ts";
import { beforeDeadline, untilDeadline } from "./until-deadline.ts";

export type CollectCloud = {
  /** One or more; without functions there is nothing to collect. */
  readonly functions: readonly FunctionRef[];
  /** From our first request to the end of the load (`loadSpan`). */
  readonly span: Span;
  /** metrics-timeout counts from here. */
  readonly loadEnd: EpochMs;
  readonly expected: Expectation;
  readonly timeout: Millis;
  readonly ports: MetricPorts;
  readonly signal: AbortSignal;
};

type MetricPorts = { readonly cloud: CloudMetrics; readonly clock: Clock; readonly log: Log };

/** What CloudWatch said, beside the result: figures that belong to no function. */
export type Collected = CloudResult & {
  readonly values: MetricValues;
  /** The newest question had no answer: another one at once would have none either. */
  readonly silent: boolean;
};

/**
 * Asks CloudWatch about the whole run until its count agrees with ours or metrics-timeout is over. Never throws for what
 * AWS does or does not answer: that is the result's `state`. An abort ends it at once, as `incomplete`.
 */
export const collectCloud = async (options: CollectCloud): Promise<Collected> => {
  const { functions, span, expected, timeout, loadEnd, ports, signal } = options;
  const rules = settleRules(functions, expected, { loadEnd, timeout });
  const queries = [...buildQueries(functions), ACCOUNT_QUERY];
  return await collectMetrics({ rules, queries, span, ports, signal });
};

export type CollectMetrics = {
  readonly rules: SettleRules;
  readonly queries: readonly MetricQuery[];
  readonly span: Span;
  readonly ports: MetricPorts;
  readonly signal: AbortSignal;
};

/** The same for any questions and whatever count the rules wait for. */
export const collectMetrics = async ({ rules, queries, span, ports, signal }: CollectMetrics): Promise<Collected> => {
  const window = cloudWindow(span.start, span.end);
  const begun = ports.clock.now();
  const finish = (result: CloudState, reason: string, state: SettleState): Collected =>
    cloudResult({ result, reason, state, rules, window, waited: millis(ports.clock.now() - begun) });
  if (rules.expected.atMost === 0)
    return finish("incomplete", "No request of this run can have reached Lambda, so AWS was not asked.", settleStart);
  const stop = untilDeadline({ deadline: rules.deadline, clock: ports.clock, signal });
  let state = settleStart;
  while (!signal.aborted) {
    const asked = ask(ports.cloud, { queries, window, signal: stop });
    const answer = await beforeDeadline(asked, { stop, signal, late: tooLate(state) });
    if (answer === null || (signal.aborted && answer.kind !== "values")) break;
    const now = ports.clock.now();
    const step = settle(rules, state, { answer, now });
    if (step.kind === "done") return finish(step.result, step.reason, step.state);
    state = step.state;
    ports.log.wait({ text: progressText(rules, state), until: rules.deadline, detail: null });
    await ports.clock.sleep(step.time, signal);
  }
  return finish("incomplete", "The wait for AWS's figures was interrupted.", state);
};

/** What the question before brought says more than that this one was cut short. */
const tooLate = ({ failure }: SettleState): MetricAnswer => ({
  kind: "unavailable",
  reason: failure ?? "CloudWatch did not answer in time.",
});

type Question = { readonly queries: readonly MetricQuery[]; readonly window: Span; readonly signal: AbortSignal };

/** The port's failures are answers; a thrown one is kept as the reason and asked again. */
const ask = async (cloud: CloudMetrics, { queries, window, signal }: Question): Promise<MetricAnswer> => {
  try {
    return await cloud.query(queries, window, signal);
  } catch (error) {
    return { kind: "unavailable", reason: error instanceof Error ? error.message : "the call failed" };
  }
};

type Settled = {
  readonly result: CloudState;
  readonly reason: string;
  readonly state: SettleState;
  readonly rules: SettleRules;
  readonly window: Span;
  readonly waited: Millis;
};

const cloudResult = ({ result, reason, state, rules, window, waited }: Settled): Collected => {
  const seen = state.counts?.seen ?? null;
  const { atLeast, atMost } = rules.expected;
  return {
    state: result,
    reason,
    window,
    // The number inside the possible range that comes nearest to AWS's.
    expected: Math.max(atLeast, Math.min(atMost, seen ?? atMost)),
    seen,
    polls: state.polls,
    waited,
    functions: aggregate(rules.functions, state.values ?? {}, result === "complete"),
    notes: cloudNotes(result, rules, state),
    values: state.values ?? {},
    silent: state.failure !== null,
  };
};

/** Why the wait goes on though the numbers agree. */
const noneYet = (counts: Counts | null, expected: Expectation): string =>
  counts !== null && isOnlyAbsent(counts, expected) ? ` and none of ${counts.absent.join(", ")} yet` : "";

const progressText = ({ expected, subject }: SettleRules, { failure, counts }: SettleState): string =>
  failure === null
    ? `AWS has counted ${grouped(counts?.seen ?? 0)} of ${requestsText(expected)} requests${subject.twice ? noneYet(counts, expected) : ` at ${subject.what}`}`
    : `CloudWatch gave no answer (${failure})`;
