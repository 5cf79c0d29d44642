import { cloudRegion } from "../cloud/region.ts";
import { type Problem, usageProblem } from "../errors.ts";
import { millis } from "../units.ts";
import { pairedProblems } from "./check-paired.ts";
import { shardProblems } from "./check-shard.ts";
import type { Found } from "./collect.ts";
import { sendsLoad } from "./config.ts";
import { formatDuration } from "./durations.ts";
import { frontEndConflict, regionOfBalancer } from "./front-end.ts";
import type { Values } from "./inputs.ts";
import { grouped } from "./numbers.ts";

/** What only shows when several inputs are seen together; inputs that could not be read are left out of it. */
export const checkTogether = (
  values: Partial<Values>,
  asked: { readonly given: ReadonlySet<string>; readonly needsTarget: boolean },
): readonly Found[] => {
  const found: Found[] = [];
  if (asked.needsTarget && sendsLoad(values.mode ?? "gate") && !TARGETS.some((name) => asked.given.has(name)))
    found.push({ at: "url", problem: NO_URL });
  found.push(...modelProblems(values, asked.given));
  found.push(...shardProblems(values, asked.given));
  if (asked.needsTarget) found.push(...pairedProblems(values, asked.given));
  const ramp = rampProblem(values);
  if (ramp !== null) found.push({ at: "run-time", problem: ramp });
  const concurrency = concurrencyProblem(values);
  if (concurrency !== null) found.push({ at: "max-concurrency", problem: concurrency });
  const frontEnd = frontEndConflict(values);
  if (frontEnd !== null) found.push({ at: "front-end", problem: frontEnd });
  const region = cloudRegion(
    [...(values.functions ?? []), ...(values["base-functions"] ?? [])],
    values["aws-region"] ?? regionOfBalancer(values["load-balancer"] ?? null),
  );
  if (!region.ok) found.push(...region.problems.map((problem) => ({ at: "functions", problem })));
  return found;
};

/** Any of them leads to a URL. */
const TARGETS = ["url", "environment", "stack-name"];

const NO_URL = usageProblem(
  "missing-value",
  "There is no url to send load to.",
  "Set url to the deployment under test, such as https://preview.example.com, environment to its deployment on GitHub, or stack-name to its CloudFormation stack.",
);

/** Inputs that say twice when requests start; a default that is not heard is no conflict. */
const modelProblems = (values: Partial<Values>, given: ReadonlySet<string>): readonly Found[] => {
  const stages = values.stages ?? null;
  const open = (values.rate ?? null) !== null || stages?.of === "rate";
  const ramps = given.has("rate") ? "rate" : "stages";
  const pairs: readonly (readonly [string, string, boolean, string])[] = [
    ["stages", "rate", stages !== null, "stages say what the rate is over time"],
    ["stages", "run-time", stages !== null, "stages last as long as they say themselves"],
    ["stages", "users", stages?.of === "users", "stages say how many users there are over time"],
    ["stages", "spawn-rate", stages?.of === "users", "stages say when users start"],
    [ramps, "spawn-rate", open, "at a rate of arrivals all users are there from the start"],
    [ramps, "wait-time", open, "at a rate of arrivals users take the next arrival without a wait"],
  ];
  return pairs.flatMap(([one, other, holds, reason]) => {
    if (!holds || one === other || !given.has(one) || !given.has(other)) return [];
    const message = `${one} and ${other} are both given, and ${reason}.`;
    return [{ at: other, problem: usageProblem("conflicting-values", message, `Leave out ${other}, or ${one}.`) }];
  });
};

/** The last user starts at (users - 1) / rate: unless that is inside the run time, no second has the load asked for. */
const rampProblem = (values: Partial<Values>): Problem | null => {
  const { users, "run-time": runTime } = values;
  if (users === undefined || runTime === undefined || !values["spawn-rate"]) return null;
  if (values.rate || values.stages || values["base-url"]) return null;
  // A short run with the spawn rate left to us is a smoke test, and not a mistake.
  const rate = values["spawn-rate"];
  const ramp = ((users - 1) / rate) * 1000;
  if (ramp < runTime) return null;
  const needed = millis(Math.ceil(users / rate) * 1000);
  const enough = Math.floor((users * 1000) / runTime) + 1;
  return usageProblem(
    "conflicting-values",
    `${grouped(users)} users at ${rate} per second take ${formatDuration(needed)} to start, and run-time is ${formatDuration(runTime)}.`,
    `Raise spawn-rate to ${enough}, or run-time above ${formatDuration(needed)}.`,
  );
};

/** `off` says that required concurrency has no limit, `max-concurrency` is one. */
const concurrencyProblem = (values: Partial<Values>): Problem | null => {
  const most = values["max-concurrency"] ?? null;
  const off = values.limits?.some(({ metric, role }) => metric === "required-concurrency" && role === "off") ?? false;
  if (most === null || !off) return null;
  const message = `max-concurrency is ${grouped(most)}, and limits says required-concurrency: off.`;
  return usageProblem("conflicting-values", message, "Keep one of the two.");
};
