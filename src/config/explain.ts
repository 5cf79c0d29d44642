import { FRONT_END_NAMES } from "../cloud/front-ends.ts";
import { formatArrivalRate } from "../load/arrivals.ts";
import { isOpen, steadyRange } from "../load/model.ts";
import { foreseenRequests, planLoad } from "../load/plan-load.ts";
import { formatShard } from "../load/shard.ts";
import { formatStages } from "../load/stages.ts";
import { formatStopRule } from "../load/stop-rule.ts";
import { formatWaitTime } from "../load/wait-time.ts";
import { millis, secondsToMillis } from "../units.ts";
import type { Config, LoadConfig } from "./config.ts";
import { formatDuration } from "./durations.ts";
import { explainRounds, mostInSegment, SHARE_IN_SEGMENT } from "./explain-paired.ts";
import { oneOf } from "./given.ts";
import { METRICS } from "./metric-catalog.ts";
import { grouped } from "./numbers.ts";
import { formatLimit } from "./parse-limits.ts";
import { formatStatuses } from "./statuses.ts";

/**
 * What a run with this configuration will do, one sentence a line, in the order in which it happens. For a person before
 * anything is sent; header values and the query of the URL are left out, they may be secret.
 */
export const explainConfig = (config: Config): readonly string[] => [
  ...explainDeployment(config),
  ...explainStack(config),
  ...(config.target.url === null ? [] : explainLoad(config, config.target.url)),
  ...explainCloud(config),
  explainBaseline(config),
  ...explainGate(config),
];

const explainDeployment = ({ target }: Config): readonly string[] =>
  target.url !== null || target.environment === null
    ? []
    : [`First GitHub is asked for the deployment of this commit in ${target.environment}, which names the URL.`];

const explainStack = ({ target, aws }: Config): readonly string[] => {
  if (target.stackName === null) return [];
  const named = [...(target.url === null ? ["the URL"] : []), ...(aws.functions.length === 0 ? ["the functions"] : [])];
  const asked = named.length === 0 ? "" : `, which names ${named.join(" and ")}`;
  return [`First CloudFormation is asked for the stack ${target.stackName}${asked}.`];
};

const explainLoad = (config: Config, url: string): readonly string[] => {
  const { target, load } = config;
  const names = Object.keys(target.headers);
  const side = target.baseUrl === null ? "" : " on each side";
  const commit = target.readyCommit === null ? "" : ` and names this commit in its ${target.readyCommit.at}`;
  return [
    `First ${showUrl(url, target.readyPath)} is probed until it answers ${formatStatuses(target.readyStatus)} three times in a row${commit}, for at most ${formatDuration(target.readyTimeout)}.`,
    ...(target.baseUrl === null ? [] : [`Then ${showUrl(target.baseUrl, target.readyPath)} is probed likewise.`]),
    ...(load.warmUp > 0
      ? [`One user warms up for ${formatDuration(secondsToMillis(load.warmUp))}${side}, outside the measurement.`]
      : []),
    ...(load.preWarm > 0
      ? [`Just before the measurement ${plural(load.preWarm, "request")} are sent at once${side}, outside of it.`]
      : []),
    ...explainMeasured(config, url),
    ...(config.shard === null
      ? []
      : [
          `From here shard ${formatShard(config.shard)} is sent: one of every ${plural(config.shard.count, "user")} and arrivals; nothing is judged.`,
        ]),
    ...(names.length > 0 ? [`Each request carries ${names.join(", ")}.`] : []),
    ...(target.sigv4 ? ["Each request is signed with AWS Signature Version 4."] : []),
    ...(load.stopIf === null ? [] : [`The load ends early when ${formatStopRule(load.stopIf)}.`]),
    ...(load.insecure ? ["Certificates are not checked."] : []),
    ...foreseenTooFew(config),
  ];
};

const explainMeasured = (config: Config, url: string): readonly string[] => {
  const { target, load } = config;
  if (target.baseUrl !== null) {
    const [head, base] = [showUrl(url, null), showUrl(target.baseUrl, null)];
    return explainRounds(config, { load: `${modelText(load)}${waitText(load)}`, head, base });
  }
  return [
    `Then ${modelText(load)}: ${workText(config, url)}${waitText(load)}.`,
    `In ${formatDuration(secondsToMillis(load.runTime))} that is ${requestsOf(config, url)}; ${steadyPart(config)}.`,
  ];
};

/** Who starts requests, and when. */
const modelText = (load: LoadConfig): string => {
  const { users, spawnRate, rate, stages } = load;
  const pool = `taken by a pool of ${plural(users, "user")}; what finds nobody free is dropped and counted`;
  if (rate !== null) return `requests start at ${formatArrivalRate(rate)}, ${pool}`;
  if (stages?.of === "rate") return `requests start at the stages ${formatStages(stages)}, ${pool}`;
  if (stages !== null) return `users follow the stages ${formatStages(stages)}`;
  return `${plural(users, "user")}, ${grouped(spawnRate)} started per second`;
};

/** What a user does: the tasks of a scenario, or one request. */
const workText = ({ scenario }: Config, url: string): string => {
  if (scenario === null) return `GET ${showUrl(url, null)}`;
  const names = scenario.tasks.map(({ name, weight }) => (weight === 1 ? name : `${name} (weight ${weight})`));
  return `${plural(names.length, "task")}, ${names.join(", ")}`;
};

const waitText = (load: LoadConfig): string =>
  isOpen(load) ? "" : `, ${formatWaitTime(load.waitTime)} between requests`;

/** Origin and path; a query is marked and not shown. */
const showUrl = (url: string, path: string | null): string => {
  const { origin, pathname, search } = new URL(url);
  const [shown = "", query] = path === null ? [pathname, search === "" ? undefined : search] : path.split("?");
  return `${origin}${shown}${query === undefined ? "" : "?..."}`;
};

/** An answer as quick as this is assumed where nothing is known about the target. */
const USUAL_ANSWER = millis(100);

const requestsOf = (config: Config, url: string): string => {
  if (isOpen(config.load)) return `about ${rounded(foreseen(config, url, USUAL_ANSWER))} requests`;
  const usual = foreseen(config, url, USUAL_ANSWER);
  const most = foreseen(config, url, millis(0));
  const { maxRequests } = config.load;
  const bound = most >= maxRequests ? `${grouped(maxRequests)} (max-requests)` : rounded(most);
  return `about ${rounded(usual)} requests if an answer takes ${formatDuration(USUAL_ANSWER)}, at most ${bound}`;
};

const foreseen = (config: Config, url: string, latency: ReturnType<typeof millis>): number =>
  foreseenRequests(planLoad({ url, load: config.load, headers: {}, userAgent: "" }), latency);

const steadyPart = ({ load }: Config): string => {
  const steady = steadyRange(load, load.runTime);
  if (load.stages !== null || isOpen(load)) {
    return steady === null
      ? "no whole second is at the highest level"
      : `${plural(steady.to - steady.from, "second")} of it are at the highest level`;
  }
  return steady === null
    ? "no second has all users in it from its start"
    : `all users run in the last ${plural(steady.to - steady.from, "second")}`;
};

/** The percentiles of the response time and the `ok` responses that each needs. */
const NEEDED = METRICS.filter(({ id }) => /^p\d+$/.test(id)).map(({ id, minSamples }) => [id, minSamples] as const);

/**
 * Percentiles that this load cannot decide even if every answer were instant, in one sentence; none is the usual case.
 * Said before the load starts, because afterwards the time is spent.
 */
export const foreseenTooFew = (config: Config): readonly string[] => {
  const { url } = config.target;
  if (url === null) return [];
  const paired = config.target.baseUrl !== null;
  const most = paired ? mostInSegment(config, url) / SHARE_IN_SEGMENT : foreseen(config, url, millis(0));
  const limited = (id: string): boolean => id !== "p99" || config.gate.limits.some((limit) => limit.metric === id);
  const short = NEEDED.filter(([id, needed]) => needed > most && limited(id));
  if (short.length === 0) return [];
  const list = short.map(([id, needed]) => `${id} (${grouped(needed)})`).join(", ");
  const time = paired ? "segment-time" : "run-time";
  return [`These are too few requests to judge ${list}: make ${time} longer, wait-time shorter, or users more.`];
};

const explainCloud = ({ aws, target }: Config): readonly string[] => {
  const before =
    aws.frontEnd === null ? [] : [`CloudWatch is asked for the ${FRONT_END_NAMES[aws.frontEnd.kind]} before them.`];
  if (aws.functions.length === 0 && aws.frontEnd === null)
    return target.stackName === null ? ["No functions are named, so AWS is not asked."] : [];
  if (aws.functions.length === 0) return [containersText(aws)];
  const where = aws.region === null ? "" : ` in ${aws.region}`;
  const names = [...aws.functions, ...aws.baseFunctions].map((one) => one.label).join(", ");
  return [
    `Nothing is sent if the run would cost more than ${aws.maxCost} US ${aws.maxCost === 1 ? "dollar" : "dollars"} (max-cost).`,
    `CloudWatch is asked for ${names}${where}, for at most ${formatDuration(aws.metricsTimeout)} after the load.`,
    ...before,
    ...(aws.logs === "off" ? [] : ["REPORT lines of their logs are read, if that is allowed."]),
  ];
};

const containersText = ({ frontEnd, ecs, metricsTimeout }: Config["aws"]): string => {
  const what = [
    ...(frontEnd === null ? [] : [`the ${FRONT_END_NAMES[frontEnd.kind]}`]),
    ...(ecs === null ? [] : [`the ECS service ${ecs.cluster}/${ecs.service}`]),
  ].join(" and ");
  return `CloudWatch is asked for ${what}, for at most ${formatDuration(metricsTimeout)} after the load.`;
};

const explainBaseline = ({ baseline, target }: Config): string => {
  if (target.baseUrl !== null) return "The run is compared with the base that is measured beside it.";
  switch (baseline.source.kind) {
    case "none":
      return "Nothing is compared: only absolute limits hold.";
    case "file":
      return `The run is compared with ${baseline.source.path}.`;
    case "artifact":
      return `The run is compared with the runs of ${baseline.branch ?? "the base branch"}.`;
  }
};

const explainGate = ({ gate, aws }: Config): readonly string[] => {
  const bound = aws.maxConcurrency === null ? [] : [`required-concurrency: <= ${aws.maxConcurrency}`];
  const limits = [...gate.limits.map(formatLimit), ...bound];
  const causes = [
    "a regression",
    ...(gate.onInconclusive === "fail" ? ["a suspected regression"] : []),
    ...(gate.onInvalid === "fail" ? ["an invalid measurement"] : []),
    ...(gate.onNoBaseline === "fail" ? ["a missing baseline"] : []),
  ];
  return [
    limits.length === 0
      ? "The default limits hold."
      : `Limits: ${limits.join("; ")}; the default limits hold for other metrics.`,
    gate.failOn === "never" ? "The gate stays open whatever is found." : `The gate closes on ${oneOf(causes)}.`,
  ];
};

const plural = (count: number, word: string): string => `${grouped(count)} ${word}${count === 1 ? "" : "s"}`;

/** To two significant digits: more would promise what nobody knows. */
const rounded = (count: number): string => grouped(count < 100 ? count : Number(count.toPrecision(2)));
