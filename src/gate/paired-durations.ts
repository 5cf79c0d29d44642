import { noFacts } from "../cloud/facts.ts";
import { measuredSpan } from "../cloud/starts.ts";
import type { Arm } from "../load/segment.ts";
import type { ArmDurations, MeasuredRound } from "../record/paired-record.ts";
import { epochMs, millis } from "../units.ts";
import { LONGEST_PAUSE, logsDenied } from "./ask-aws.ts";
import { type CollectedDurations, collectDurations } from "./collect-durations.ts";
import { type Arms, type ArmsSaw, askAboutArms, type Doors, sharedFunctions } from "./paired-arms.ts";

export type PairSaw = { readonly saw: ArmsSaw; readonly durations: ArmDurations };

/**
 * What AWS saw of each arm, and Lambda's Duration in each round by the REPORT lines of its segments' invocations, all within
 * metrics-timeout. Functions that both arms share are told apart by the segments' time, if by anything.
 */
export const askAboutPair = async (
  arms: Arms,
  of: Parameters<typeof askAboutArms>[1] & { readonly rounds: readonly MeasuredRound[] },
  doors: Doors,
): Promise<PairSaw> => {
  const loadEnd = doors.ports.clock.now();
  const whole = await askAboutArms(arms, of, doors);
  const isShared = sharedFunctions(arms).length > 0;
  const ask = async (arm: Arm): Promise<CollectedDurations | null> => {
    const { config, deployment } = arms[arm];
    const { logs, metricsTimeout } = config.aws;
    // Where the arm was asked about as a whole, its logs have been read, or it has been said why not.
    const isUnread = !isShared && (whole.cloud[arm]?.facts?.logs ?? []).length === 0;
    if (logs === "off" || deployment.hopeless || isUnread) return null;
    const { ports, signal } = doors;
    return await collectDurations({
      functions: deployment.reads,
      segments: of.rounds.map(({ [arm]: { window, totals } }) => ({
        window: measuredSpan(window),
        outcomes: totals.outcomes,
      })),
      deadline: epochMs(loadEnd + metricsTimeout),
      pause: millis(Math.min(LONGEST_PAUSE, metricsTimeout / 8)),
      ports,
      signal,
    });
  };
  const [base, head] = await Promise.all([ask("base"), ask("head")]);
  const isNews = isShared && arms.head.config.aws.logs === "on";
  const denied = isNews ? (head?.denied ?? base?.denied ?? null) : null;
  return {
    saw: {
      cloud: { base: withLogs(whole.cloud.base, base), head: withLogs(whole.cloud.head, head) },
      problems: [...whole.problems, ...(denied === null ? [] : [logsDenied(denied)])],
    },
    durations: { base: base?.rounds ?? null, head: head?.rounds ?? null },
  };
};

type Cloud = ArmsSaw["cloud"][Arm];

/** What reading the logs by round has to say, and what it scanned, beside what AWS said of the whole. */
const withLogs = (cloud: Cloud, found: CollectedDurations | null): Cloud => {
  if (cloud === null || found === null) return cloud;
  const { bytesScanned, notes } = found;
  const facts = cloud.facts ?? noFacts;
  return {
    ...cloud,
    ...(bytesScanned === null
      ? {}
      : { facts: { ...facts, logBytesScanned: (facts.logBytesScanned ?? 0) + bytesScanned } }),
    notes: [...cloud.notes, ...notes.filter((note) => !cloud.notes.includes(note))],
  };
};
