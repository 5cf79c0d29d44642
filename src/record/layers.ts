import type { CloudResult } from "../cloud/cloud.ts";
import type { FrontEndFacts } from "../cloud/facts.ts";
import { countRequests } from "../load/outcome.ts";
import type { RunRecord } from "./record.ts";
import type { FunctionSummary, LayerFigures } from "./summary.ts";

/** Where the time of one run's requests went. `functions` are those of its summary. */
export const layerFigures = (record: RunRecord, functions: readonly FunctionSummary[]): LayerFigures => {
  const { totals, generator } = record;
  const { connections, outcomes, requests } = totals;
  const times = comparableTimes(record);
  const latency = times?.latencyMs?.average ?? null;
  const integration = times?.integrationLatencyMs?.average ?? null;
  const isBalancer = times?.kind === "alb" || times?.kind === "alb-ecs";
  const unconnected = outcomes["connect-error"] + outcomes["tls-error"] + outcomes["dns-error"];
  const unanswered = unconnected + outcomes.reset + outcomes.timeout;
  return {
    responseMs: record.response.mean,
    serviceMs: record.service.mean,
    connectMs: connections.connectMs?.p50 ?? null,
    tlsMs: connections.tlsMs?.p50 ?? null,
    connectionsPerRequest: requests === 0 ? 0 : (connections.opened + connections.reopened) / requests,
    coldMs: coldMs(functions),
    gatewayMs: latency === null || integration === null ? null : latency - integration,
    frontEndMs: latency,
    targetMs: isBalancer ? integration : null,
    uncountedShare: uncountedShare(record, record.cloud),
    unansweredShare: requests === 0 ? 0 : unanswered / requests,
    bytesPerRequest: requests === 0 ? 0 : totals.bytes.received / requests,
    loopDelayMs: generator.loopDelayMs.p99,
    usualLoopDelayMs: generator.loopDelayMs.p50,
  };
};

/** Beyond this share of failures the front end's means are no longer those of `ok` requests, which the client's are. */
const FEW_FAILURES = 0.03;

const comparableTimes = ({ cloud, totals }: RunRecord): FrontEndFacts | null => {
  const { ok, aborted, "local-error": local } = totals.outcomes;
  const failed = totals.requests - ok - aborted - local;
  return totals.requests > 0 && failed <= FEW_FAILURES * totals.requests ? (cloud?.facts?.frontEnd ?? null) : null;
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
