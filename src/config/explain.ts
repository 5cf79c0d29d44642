import { foreseenRequests, planLoad } from "../load/plan-load.ts";
import { steadyFrom } from "../load/spawn.ts";
import { formatWaitTime } from "../load/wait-time.ts";
import { millis, secondsToMillis } from "../units.ts";
import type { Config } from "./config.ts";
import { formatDuration } from "./durations.ts";
import { oneOf } from "./given.ts";
import { grouped } from "./numbers.ts";
import { formatLimit } from "./parse-limits.ts";
import { formatStatuses } from "./statuses.ts";

/**
 * What a run with this configuration will do, one sentence a line, in the order in which it happens. For a person before
 * anything is sent; header values and the query of the URL are left out, they may be secret.
 */
export const explainConfig = (config: Config): readonly string[] => [
  ...explainStack(config),
  ...(config.target.url === null ? [] : explainLoad(config, config.target.url)),
  ...explainCloud(config),
  explainBaseline(config),
  ...explainGate(config),
];

const explainStack = ({ target, aws }: Config): readonly string[] => {
  if (target.stackName === null) return [];
  const named = [...(target.url === null ? ["the URL"] : []), ...(aws.functions.length === 0 ? ["the functions"] : [])];
  const asked = named.length === 0 ? "" : `, which names ${named.join(" and ")}`;
  return [`First CloudFormation is asked for the stack ${target.stackName}${asked}.`];
};

const explainLoad = (config: Config, url: string): readonly string[] => {
  const { target, load } = config;
  const names = Object.keys(target.headers);
  const commit = target.readyCommit === null ? "" : ` and names this commit in its ${target.readyCommit.at}`;
  return [
    `First ${showUrl(url, target.readyPath)} is probed until it answers ${formatStatuses(target.readyStatus)} three times in a row${commit}, for at most ${formatDuration(target.readyTimeout)}.`,
    ...(load.warmUp > 0
      ? [`One user warms up for ${formatDuration(secondsToMillis(load.warmUp))}, outside the measurement.`]
      : []),
    `Then ${plural(load.users, "user")}, ${grouped(load.spawnRate)} started per second: GET ${showUrl(url, null)}, ${formatWaitTime(load.waitTime)} between requests.`,
    `In ${formatDuration(secondsToMillis(load.runTime))} that is ${requestsOf(config, url)}; ${steadyPart(config)}.`,
    ...(names.length > 0 ? [`Each request carries ${names.join(", ")}.`] : []),
    ...(load.insecure ? ["Certificates are not checked."] : []),
    ...tooFew(config, url),
  ];
};

/** Origin and path; a query is marked and not shown. */
const showUrl = (url: string, path: string | null): string => {
  const { origin, pathname, search } = new URL(url);
  const [shown = "", query] = path === null ? [pathname, search === "" ? undefined : search] : path.split("?");
  return `${origin}${shown}${query === undefined ? "" : "?..."}`;
};

/** An answer as quick as this is assumed where nothing is known about the target. */
const USUAL_ANSWER = millis(100);

const requestsOf = (config: Config, url: string): string => {
  const usual = foreseen(config, url, USUAL_ANSWER);
  const most = foreseen(config, url, millis(0));
  const { maxRequests } = config.load;
  const bound = most >= maxRequests ? `${grouped(maxRequests)} (max-requests)` : rounded(most);
  return `about ${rounded(usual)} requests if an answer takes ${formatDuration(USUAL_ANSWER)}, at most ${bound}`;
};

const foreseen = (config: Config, url: string, latency: ReturnType<typeof millis>): number =>
  foreseenRequests(planLoad({ url, load: config.load, headers: {}, userAgent: "" }), latency);

const steadyPart = ({ load }: Config): string => {
  const steady = Math.floor(load.runTime) - steadyFrom(load.users, load.spawnRate);
  return steady > 0
    ? `all users run in the last ${plural(steady, "second")}`
    : "no second has all users in it from its start";
};

/** `ok` responses that a percentile needs (SPEC 12.1). */
const NEEDED: readonly (readonly [string, number])[] = [
  ["p50", 100],
  ["p90", 200],
  ["p95", 400],
  ["p99", 10_000],
];

const tooFew = (config: Config, url: string): readonly string[] => {
  const most = foreseen(config, url, millis(0));
  const limited = (id: string): boolean => id !== "p99" || config.gate.limits.some((limit) => limit.metric === id);
  const short = NEEDED.filter(([id, needed]) => needed > most && limited(id));
  if (short.length === 0) return [];
  const list = short.map(([id, needed]) => `${id} (${grouped(needed)})`).join(", ");
  return [`That is too few to judge ${list}: make run-time longer, wait-time shorter, or users more.`];
};

const explainCloud = ({ aws, target }: Config): readonly string[] => {
  if (aws.functions.length === 0)
    return target.stackName === null ? ["No functions are named, so AWS is not asked."] : [];
  const where = aws.region === null ? "" : ` in ${aws.region}`;
  const names = aws.functions.map((one) => one.label).join(", ");
  return [
    `CloudWatch is asked for ${names}${where}, for at most ${formatDuration(aws.metricsTimeout)} after the load.`,
    ...(aws.logs === "off" ? [] : ["REPORT lines of their logs are read, if that is allowed."]),
  ];
};

const explainBaseline = ({ baseline }: Config): string => {
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
