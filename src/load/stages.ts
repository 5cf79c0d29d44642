import { formatDuration, parseDuration } from "../config/durations.ts";
import { type Parsed, parsed, refused, usageProblem } from "../errors.ts";
import { millisToSeconds, secondsToMillis } from "../units.ts";
import { highestLevel, type Profile, type Segment } from "./profile.ts";

/** What the load is over time, part by part: users (closed model) or arrivals per second (open model). */
export type Stages = { readonly of: "users" | "rate"; readonly profile: Profile };

export const MOST_USERS = 100_000;
export const HIGHEST_RATE = 1_000_000;
const MOST_STAGES = 100;
const LENGTH = { min: "1s", max: "6h", example: "30s" } as const;
const HINT = "Write stages such as 30s:0-100u, 60s:100u for users, or 30s:10-200/s, 60s:200/s for a rate.";

/** `[0-9]+` for users, decimals for rates; the JSON Schema of the config file uses it too. */
export const STAGE_LEVEL_PATTERN = "[0-9]+(\\.[0-9]+)?( *- *[0-9]+(\\.[0-9]+)?)? *(u|/s)";

/** Reads `30s:0-100u, 60s:100u` or `30s:10-200/s, 60s:200/s`: a duration and a level, or two levels for a ramp. */
export const parseStages = (text: string): Parsed<Stages> => {
  const parts = text
    .split(/[,\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
  if (parts.length === 0 || parts.length > MOST_STAGES) {
    return bad(`stages has ${parts.length} stages, and 1 to ${MOST_STAGES} are possible`);
  }
  const read = parts.map(readStage);
  const problems = read.flatMap((stage) => (stage.ok ? [] : stage.problems));
  if (problems.length > 0) return refused(problems);
  const stages = read.flatMap((stage) => (stage.ok ? [stage.value] : []));
  const kinds = new Set(stages.map((stage) => stage.of));
  if (kinds.size > 1) return bad(`stages "${text.trim()}" mixes users and rates`);
  return checked({ of: stages[0]?.of ?? "users", profile: stages.map(({ segment }) => segment) });
};

/** The spelling that parses back to the same stages. */
export const formatStages = ({ of, profile }: Stages): string =>
  profile
    .map(({ seconds, from, to }) => {
      const level = from === to ? `${from}` : `${from}-${to}`;
      return `${formatDuration(secondsToMillis(seconds))}:${level}${of === "users" ? "u" : "/s"}`;
    })
    .join(", ");

type Stage = { readonly of: Stages["of"]; readonly segment: Segment };

const readStage = (text: string): Parsed<Stage> => {
  const [, length = "", first = "", second, unit] =
    /^([^:\s]+) *: *([0-9]+(?:\.[0-9]+)?)(?: *- *([0-9]+(?:\.[0-9]+)?))? *(u|\/s)$/.exec(text) ?? [];
  if (unit === undefined) return bad(`The stage "${text.slice(0, 80)}" is not a duration and a level`);
  const duration = parseDuration({ label: `The stage "${text}"`, text: length, shown: `"${length}"` }, LENGTH);
  if (!duration.ok) return duration;
  const [from, to] = [Number(first), Number(second ?? first)];
  const of = unit === "u" ? "users" : "rate";
  const whole = of === "rate" || (Number.isInteger(from) && Number.isInteger(to));
  if (!whole) return bad(`The stage "${text}" has a part of a user`);
  return parsed({ of, segment: { seconds: millisToSeconds(duration.value), from, to } });
};

const checked = (stages: Stages): Parsed<Stages> => {
  const highest = highestLevel(stages.profile);
  const most = stages.of === "users" ? MOST_USERS : HIGHEST_RATE;
  if (highest === 0) return bad("stages never rises above 0");
  return highest > most ? bad(`stages rises to ${highest}, and ${most} is the most`) : parsed(stages);
};

const bad = (message: string): Parsed<never> => refused([usageProblem("bad-value", `${message}.`, HINT)]);
