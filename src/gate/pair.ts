/** Two deployments that are measured in turns, whatever for: their rounds, the load of each, and the record of both. */
import type { Problem } from "../errors.ts";
import { emptyLoad } from "../load/empty-load.ts";
import type { LoadResult, StopReason } from "../load/result.ts";
import { ARMS, type Arm, type SegmentTimes } from "../load/segment.ts";
import { joinSegments } from "../record/join-segments.ts";
import { worstStop } from "../record/merge-load.ts";
import { pairedRecord } from "../record/paired-record.ts";
import type { RunRecord } from "../record/record.ts";
import { scrubText } from "../record/scrub.ts";
import type { RunIdentity } from "./gate-contract.ts";
import { type Measured, type MeasureRounds, measureRounds } from "./measure-rounds.ts";
import { type Arms, type ArmsReady, changesDuring, type Doors } from "./paired-arms.ts";
import { askAboutPair, type PairSaw } from "./paired-durations.ts";
import { withSecrets } from "./prepare-signing.ts";

/** What is the same for the whole measurement. */
export type Pair = {
  readonly identity: RunIdentity;
  readonly arms: Arms;
  readonly ready: ArmsReady;
  readonly times: SegmentTimes;
};

/** An arm that never was ready gets no load. */
const NOT_MEASURED: Measured = {
  rounds: [],
  segments: { base: [], head: [] },
  aside: { base: [], head: [] },
  problems: [],
};

/** Measures both in turns; with a problem before it, nothing is sent and that problem is what was found. */
export const measurePair = async (
  { arms: { head, base }, ready, times }: Pair,
  how: Pick<MeasureRounds, "most" | "look" | "failing">,
  doors: Doors,
): Promise<Measured> => {
  if (ready.problem !== null) return { ...NOT_MEASURED, problems: [ready.problem] };
  const { config } = head;
  return await measureRounds({
    plans: { head: head.plan, base: base.plan },
    signing: { head: head.signing?.access ?? null, base: base.signing?.access ?? null },
    onLog: (line) => doors.ports.log.info(scrubText(line, config.secrets)),
    times,
    maxDuration: config.baseline.maxDuration,
    ...how,
    ...doors,
  });
};

/** AWS asked about what was measured, and everything in one record. `notes`: what else is to be said, behind the rest. */
export const recordPair = async (
  pair: Pair,
  { measured, notes }: { readonly measured: Measured; readonly notes: readonly Problem[] },
  doors: Doors,
): Promise<RunRecord> => {
  const { arms, ready } = pair;
  const loads = armLoads(pair, measured, doors);
  const changed = ready.problem === null ? await changesDuring(arms, doors) : [];
  const asked = await askAboutPair(arms, { loads, ready, rounds: measured.rounds }, doors);
  const problems = [...changed, ...measured.problems, ...deploymentWarnings(arms), ...asked.saw.problems, ...notes];
  return recordOf(pair, { ...asked, measured, loads, problems });
};

/** The record as it stands in the middle of the measurement, by the client alone. */
export const recordSoFar = (pair: Pair, measured: Measured, doors: Doors): RunRecord =>
  recordOf(pair, { ...NOT_ASKED, measured, loads: armLoads(pair, measured, doors), problems: [] });

const NOT_ASKED: PairSaw = {
  saw: { cloud: { base: null, head: null }, problems: [] },
  durations: { base: null, head: null },
};

/** Each arm's load over all its segments; an arm that got none has an empty one. */
const armLoads = (
  { arms }: Pair,
  { segments, aside }: Measured,
  { ports, signal }: Doors,
): Readonly<Record<Arm, LoadResult>> => {
  const all = ARMS.flatMap((arm) => segments[arm]);
  const stopped: StopReason = signal.aborted ? "interrupted" : worstStop(all.map((load) => load.stopped));
  const join = (arm: Arm): LoadResult => {
    // Where nothing but disturbed rounds is left the measurement is invalid, and shows what there was.
    const parts =
      segments[arm].length > 0 ? { segments: segments[arm], aside: aside[arm] } : { segments: aside[arm], aside: [] };
    return parts.segments.length === 0
      ? { ...emptyLoad(arms[arm].plan, ports.clock.now()), stopped }
      : joinSegments(parts, stopped);
  };
  return { base: join("base"), head: join("head") };
};

/** The plan is as one segment was planned, without what differs between them. */
const recordOf = (
  { identity, arms, ready, times }: Pair,
  of: PairSaw & {
    readonly measured: Measured;
    readonly loads: Readonly<Record<Arm, LoadResult>>;
    readonly problems: readonly Problem[];
  },
): RunRecord => {
  const { config, plan, signing } = arms.head;
  return pairedRecord({
    head: {
      ...identity,
      config: withSecrets(config, signing),
      plan: { ...plan, ramp: times.ramp, runTime: times.measured },
      load: of.loads.head,
      cloud: of.saw.cloud.head,
      probes: ready.probes.head.length,
      problems: of.problems,
    },
    rounds: of.measured.rounds,
    durations: of.durations,
    base: { url: arms.base.config.target.url ?? arms.base.plan.origin, cloud: of.saw.cloud.base },
  });
};

/** What is true of the account is said by both. */
const deploymentWarnings = ({ head, base }: Arms): readonly Problem[] => [
  ...head.deployment.warnings,
  ...base.deployment.warnings.filter((one) => head.deployment.warnings.every(({ message }) => message !== one.message)),
];
