import { type Problem, UserError, usageProblem } from "../errors.ts";
import { isOpen } from "../load/model.ts";
import type { LoadPlan } from "../load/plan.ts";
import { formatShard, type Shard } from "../load/shard.ts";
import type { Clock, Log, RunArtifact, RunArtifacts } from "../ports.ts";
import { durationText } from "../target/not-ready.ts";
import { type EpochMs, epochMs, type Millis, millis } from "../units.ts";
import { unlessAborted } from "./unless-aborted.ts";

export type MeetShards = {
  readonly shard: Shard;
  readonly plan: LoadPlan;
  /** Of the gate: shards of another name are somebody else's. */
  readonly name: string;
  /** Jobs of another attempt have sent their load already, or never will. */
  readonly attempt: number;
  readonly timeout: Millis;
  readonly ports: { readonly artifacts: RunArtifacts; readonly clock: Clock; readonly log: Log };
  readonly signal: AbortSignal;
};

export type Meeting =
  | {
      readonly kind: "met";
      /** The common start of the window, by this machine's clock. */
      readonly startAt: EpochMs;
      /** GitHub's clock minus ours; 0 where the two agree as far as it can be seen. */
      readonly clockMs: number;
    }
  | { readonly kind: "alone"; readonly problem: Problem };

/** GitHub's own clients ask a list of artifacts about as often. */
const POLL = millis(2_000);
/** For the last one's poll, a slow answer, and the boot of the engine. */
const MARGIN_MS = 2_000 + 2 * POLL;
/** After the warm-up requests in flight may go on; users of a pool are connected one after the other. */
const WARM_UP_END_MS = 2_000;
const CONNECT_MS = 3_000;
const BOOT_MS = 2_000;

/**
 * Says that this shard is ready and waits for the others: each leaves an artifact, and once all are there the start is
 * the time of the last one, by GitHub's clock, plus what the longest preparation takes. All shards compute the same from
 * the same list. Throws `UserError` when another job is this shard already.
 */
export const meetShards = async (options: MeetShards): Promise<Meeting> => {
  const { shard, plan, timeout, ports, signal } = options;
  const { clock, log } = ports;
  const said = await sayReady(options);
  if (said.kind !== "said") return said;
  const deadline = clock.now() + timeout;
  let reason: string | null = null;
  let here: readonly Ready[] = [];
  let told = -1;
  while (!signal.aborted) {
    const listed = await unlessAborted(ports.artifacts.list(), signal);
    if (listed === null) break;
    reason = listed.ok ? null : listed.reason;
    if (listed.ok) here = readyShards(listed.value, options);
    if (here.length === shard.count) return agreed(here, { shard, plan, asked: said.asked, log });
    const left = deadline - clock.now();
    if (left <= 0) return alone(options, here, reason);
    if (here.length !== told) log.info(waitingLine(shard, here, millis(left)));
    told = here.length;
    await clock.sleep(millis(Math.min(POLL, left)), signal);
  }
  return { kind: "alone", problem: INTERRUPTED };
};

/** How long before the common start a shard begins with its warm-up and connections. */
export const preparation = (plan: LoadPlan): Millis =>
  millis(
    BOOT_MS +
      (plan.warmUp > 0 ? plan.warmUp * 1000 + WARM_UP_END_MS : 0) +
      (plan.preWarm > 0 || isOpen(plan) ? CONNECT_MS : 0),
  );

/** A shard that has come, by GitHub's clock. */
type Ready = { readonly index: number; readonly at: EpochMs };
/** This machine's time before and after GitHub was asked to note ours. */
type Asked = { readonly from: EpochMs; readonly to: EpochMs };

const sayReady = async ({
  shard,
  name,
  attempt,
  ports,
}: MeetShards): Promise<{ readonly kind: "said"; readonly asked: Asked } | Extract<Meeting, { kind: "alone" }>> => {
  const from = ports.clock.now();
  const content = JSON.stringify({ ...shard, attempt });
  const claimed = await ports.artifacts.claim(readyName(name, attempt, shard.index), "ready.json", content);
  if (claimed.ok) return { kind: "said", asked: { from, to: ports.clock.now() } };
  if (claimed.code === "artifact-name-taken") throw new UserError([taken(shard)]);
  return {
    kind: "alone",
    problem: missing(`Shard ${formatShard(shard)} could not tell the others: ${claimed.reason}`),
  };
};

const readyName = (name: string, attempt: number, index: number | string): string =>
  `swarmgate-${name}-ready-${attempt}-${index}`;

const readyShards = (artifacts: readonly RunArtifact[], { name, attempt, shard }: MeetShards): readonly Ready[] =>
  Array.from({ length: shard.count }, (_, at) => at + 1).flatMap((index) => {
    const found = artifacts.find((artifact) => artifact.name === readyName(name, attempt, index));
    return found === undefined || found.createdAt === null ? [] : [{ index, at: found.createdAt }];
  });

const agreed = (
  here: readonly Ready[],
  { shard, plan, asked, log }: Pick<MeetShards, "shard" | "plan"> & { readonly asked: Asked; readonly log: Log },
): Meeting => {
  const last = Math.max(...here.map(({ at }) => at));
  const own = here.find(({ index }) => index === shard.index)?.at ?? asked.to;
  const clockMs = clockOffset(own, asked);
  if (clockMs !== 0)
    log.warn(`This machine's clock and GitHub's are ${Math.abs(clockMs)} ms apart; it is reckoned with.`);
  const startAt = epochMs(last + MARGIN_MS + preparation(plan) - clockMs);
  log.info(`All ${shard.count} shards are ready; the load starts at ${new Date(startAt).toISOString()}.`);
  return { kind: "met", startAt, clockMs };
};

/** Times of whole seconds have been cut off. */
const SECOND = 1_000;
/** Clocks that are kept by NTP are closer than this, and further apart than nothing. */
const CLOSE = 100;

/**
 * GitHub noted `own` between our two looks at the clock, which bounds how far the clocks are apart. While nothing speaks
 * against it they agree: then machines kept by NTP start within milliseconds; else the middle of what is possible.
 */
const clockOffset = (own: EpochMs, { from, to }: Asked): number => {
  const least = own - to - CLOSE;
  const most = own + (own % SECOND === 0 ? SECOND : 1) - from + CLOSE;
  return least <= 0 && most >= 0 ? 0 : Math.round((least + most) / 2);
};

const waitingLine = (shard: Shard, here: readonly Ready[], left: Millis): string =>
  `${here.length} of ${shard.count} shards are ready, ${durationText(left)} left for the others.`;

const alone = ({ shard, timeout, attempt }: MeetShards, here: readonly Ready[], reason: string | null): Meeting => {
  const absent = Array.from({ length: shard.count }, (_, at) => at + 1).filter(
    (index) => !here.some((one) => one.index === index),
  );
  const who = `${absent.length === 1 ? "Shard" : "Shards"} ${absent.join(", ")} of ${shard.count} did not come within ${durationText(timeout)}`;
  const again = attempt > 1 ? `, in attempt ${attempt} of this workflow run` : "";
  return { kind: "alone", problem: missing(`${who}${again}${reason === null ? "" : ` (${reason})`}.`) };
};

const missing = (message: string): Problem => ({
  code: "shard-missing",
  severity: "invalid",
  message,
  hint: "Look at the jobs of the other shards, and re-run all jobs; ready-timeout is how long each waits for the others.",
});

const taken = (shard: Shard): Problem =>
  usageProblem(
    "artifact-name-taken",
    `Another job of this workflow run is shard ${formatShard(shard)} already.`,
    "Give each job of the matrix its own shard, and each gate its own name.",
  );

const INTERRUPTED: Problem = {
  code: "interrupted",
  severity: "invalid",
  message: "The wait for the other shards was interrupted before any load was sent.",
  hint: "Run it again to the end.",
};
