import { type PerSecond, type Seconds, seconds } from "../units.ts";
import { isOpen, type ModelPlan, userProfile } from "./model.ts";
import { levelAt, type Profile } from "./profile.ts";

/** What somebody asked of a running load: so many users, reached at this rate, up or down, from `at` seconds on. */
export type UserChangeByHand = { readonly at: Seconds; readonly users: number; readonly spawnRate: PerSecond };

/** Only where users start by a spawn rate is there anything to change by hand: arrivals and stages are plans in time. */
export const canChangeUsers = (plan: ModelPlan): boolean =>
  !isOpen(plan) && plan.stages === null && plan.shard === undefined;

/**
 * The plan that a load has followed when it was changed by hand, changes in the order of their times: each goes on from
 * the level that the one before has reached by then. The same plan where there was none.
 */
export const planAsChanged = <P extends ModelPlan>(plan: P, changes: readonly UserChangeByHand[]): P =>
  changes.length === 0
    ? plan
    : {
        ...plan,
        stages: {
          of: "users",
          profile: changes.reduce((profile, change) => changed(profile, change, plan.runTime), userProfile(plan)),
        },
      };

/** What of a profile lies behind a time; its first segment begins then. */
export const profileFrom = (profile: Profile, time: Seconds): Profile => {
  let start = 0;
  const rest: Profile[number][] = [];
  for (const segment of profile) {
    const left = start + segment.seconds - Math.max(start, time);
    if (left > 0) {
      const from = time > start ? levelAt([segment], seconds(time - start)) : segment.from;
      rest.push({ seconds: seconds(left), from, to: segment.to });
    }
    start += segment.seconds;
  }
  return rest;
};

const changed = (profile: Profile, { at, users, spawnRate }: UserChangeByHand, runTime: Seconds): Profile => {
  const level = levelAt(profile, at);
  const ramp = Math.abs(users - level) / spawnRate;
  const parts = [
    ...profileUntil(profile, at),
    { seconds: seconds(ramp), from: level, to: users },
    { seconds: seconds(Math.max(0, runTime - at - ramp)), from: users, to: users },
  ];
  return parts.filter((part) => part.seconds > 0);
};

const profileUntil = (profile: Profile, time: Seconds): Profile => {
  let start = 0;
  const before: Profile[number][] = [];
  for (const segment of profile) {
    const length = Math.min(segment.seconds, time - start);
    if (length <= 0) break;
    const to = length < segment.seconds ? levelAt([segment], seconds(length)) : segment.to;
    before.push({ seconds: seconds(length), from: segment.from, to });
    start += segment.seconds;
  }
  return before;
};
