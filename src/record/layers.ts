import type { CloudResult } from "../cloud/cloud.ts";
import type { FrontEndFacts } from "../cloud/facts.ts";
import { countFailures, countRequests, type OutcomeCounts } from "../load/outcome.ts";
import type { LatencySummary } from "../load/result.ts";
import type { RoundArm, RunRecord } from "./record.ts";
import type { FunctionSummary, LayerFigures } from "./summary.ts";

/** Where the time of one run's requests went. `functions` are those of its summary. */
export const layerFigures = (record: RunRecord, functions: readonly FunctionSummary[]): LayerFigures => {
  const { totals, generator } = record;
  const { connections, outcomes, requests } = totals;
  return {
    ...frontEndFigures(record.cloud, [outcomes]),
    responseMs: record.response.mean,
    serviceMs: record.service.mean,
    connectMs: connections.connectMs?.p50 ?? null,
    tlsMs: connections.tlsMs?.p50 ?? null,
    connectionsPerRequest: requests === 0 ? 0 : (connections.opened + connections.reopened) / requests,
    coldMs: coldMs(functions),
    uncountedShare: uncountedShare(record, record.cloud),
    unansweredShare: unansweredShare([outcomes]),
    bytesPerRequest: requests === 0 ? 0 : totals.bytes.received / requests,
    loopDelayMs: generator.loopDelayMs.p99,
    usualLoopDelayMs: generator.loopDelayMs.p50,
  };
};

/**
 * The same of the base arm of paired mode, from its rounds and what AWS said of it. Its connections are not counted apart,
 * so that what only the head's are known of says nothing.
 */
export const armLayers = (
  rounds: readonly RoundArm[],
  cloud: CloudResult | null,
  functions: readonly FunctionSummary[],
): LayerFigures => ({
  ...frontEndFigures(
    cloud,
    rounds.map((round) => round.outcomes),
  ),
  responseMs: meanOf(rounds.map((round) => round.response)),
  serviceMs: meanOf(rounds.map((round) => round.service)),
  connectMs: null,
  tlsMs: null,
  connectionsPerRequest: 0,
  coldMs: coldMs(functions),
  uncountedShare: null,
  unansweredShare: unansweredShare(rounds.map((round) => round.outcomes)),
  bytesPerRequest: 0,
  loopDelayMs: 0,
  usualLoopDelayMs: 0,
});

/** Mean over all `ok` responses of several summaries, milliseconds; `null` without any. */
const meanOf = (summaries: readonly LatencySummary[]): number | null => {
  const known = summaries.flatMap(({ mean, count }) => (mean === null ? [] : [{ mean, count }]));
  const behind = known.reduce((sum, { count }) => sum + count, 0);
  return behind === 0 ? null : known.reduce((sum, { mean, count }) => sum + mean * count, 0) / behind;
};

const frontEndFigures = (
  cloud: CloudResult | null,
  outcomes: readonly OutcomeCounts[],
): Pick<LayerFigures, "gatewayMs" | "frontEndMs" | "targetMs"> => {
  const times = comparableTimes(cloud, outcomes);
  const latency = times?.latencyMs?.average ?? null;
  const integration = times?.integrationLatencyMs?.average ?? null;
  const isBalancer = times?.kind === "alb" || times?.kind === "alb-ecs";
  return {
    gatewayMs: latency === null || integration === null ? null : latency - integration,
    frontEndMs: latency,
    targetMs: isBalancer ? integration : null,
  };
};

/** Beyond this share of failures the front end's means are no longer those of `ok` requests, which the client's are. */
const FEW_FAILURES = 0.03;

const comparableTimes = (cloud: CloudResult | null, all: readonly OutcomeCounts[]): FrontEndFacts | null => {
  const requests = all.reduce((sum, outcomes) => sum + countRequests(outcomes), 0);
  const failed = all.reduce((sum, outcomes) => sum + countFailures(outcomes), 0);
  return requests > 0 && failed <= FEW_FAILURES * requests ? (cloud?.facts?.frontEnd ?? null) : null;
};

const unansweredShare = (all: readonly OutcomeCounts[]): number => {
  const requests = all.reduce((sum, outcomes) => sum + countRequests(outcomes), 0);
  const unanswered = all.reduce(
    (sum, one) => sum + one["connect-error"] + one["tls-error"] + one["dns-error"] + one.reset + one.timeout,
    0,
  );
  return requests === 0 ? 0 : unanswered / requests;
};

const coldMs = (functions: readonly FunctionSummary[]): number | null => {
  const known = functions.flatMap(({ coldMs: own, callsPerRequest }) =>
    own === undefined ? [] : [own * callsPerRequest],
  );
  return known.length === 0 || known.length < functions.length ? null : known.reduce((sum, ms) => sum + ms, 0);
};

/** Of containers: the 5xx that their load balancer made itself. */
const ownAnswersShare = ({ state, facts }: CloudResult): number | null => {
  const { count, ownServerErrors: own } = facts?.frontEnd ?? { count: null, ownServerErrors: null };
  return state !== "complete" || count === null || count === 0 || own === null ? null : own / count;
};

/** Only one function and a whole count can tell: with several, nobody knows which of them a request calls. */
const uncountedShare = ({ totals, warmUp }: RunRecord, cloud: CloudResult | null): number | null => {
  if (cloud?.functions.length === 0) return ownAnswersShare(cloud);
  if (cloud === null || cloud.state !== "complete" || cloud.functions.length !== 1 || cloud.seen === null) return null;
  const { outcomes } = totals;
  const open = outcomes.aborted + outcomes.timeout + outcomes.reset;
  const unsent = outcomes["connect-error"] + outcomes["tls-error"] + outcomes["dns-error"] + outcomes["local-error"];
  const answered = countRequests(outcomes) - open - unsent;
  if (answered <= 0) return null;
  return Math.max(0, answered + warmUp.outcomes.ok - cloud.seen) / answered;
};
