import type { Config } from "../config/config.ts";
import type { Problem } from "../errors.ts";
import { emptyLoad } from "../load/empty-load.ts";
import type { LoadPlan } from "../load/plan.ts";
import type { LoadResult } from "../load/result.ts";
import type { Shard } from "../load/shard.ts";
import type { RunArtifacts } from "../ports.ts";
import { buildRecord } from "../record/build-record.ts";
import type { RunRecord } from "../record/record.ts";
import { shardRunProblems } from "../target/run-validity.ts";
import { type EpochMs, epochMs, millis } from "../units.ts";
import { awaitTarget, rolloutRules } from "./await-target.ts";
import { stackNote } from "./find-stack.ts";
import { findTarget } from "./find-target.ts";
import type { LoadPorts, RunIdentity } from "./gate-contract.ts";
import { type Meeting, meetShards, preparation } from "./meet-shards.ts";
import { changeDuring, NOTHING_NAMED, observeDeployment } from "./observe-deployment.ts";
import { planTarget } from "./plan-target.ts";
import { prepareSigning, type Signing, withSecrets } from "./prepare-signing.ts";

/** `artifacts` are how shards of one workflow run find each other; `null` outside GitHub: each starts when it is ready. */
export type ShardPorts = LoadPorts & { readonly artifacts: RunArtifacts | null };

export type ShardRun = {
  readonly record: RunRecord;
  /** Whether a load was sent; its worth is judged with the other shards. */
  readonly measured: boolean;
};

/**
 * Sends one part of a load and writes it down: waits for the target, meets the other shards, loads. Nothing is judged,
 * and what AWS saw is left to whoever merges. Throws `UserError` before anything is sent.
 */
export const runShard = async (
  asked: Config,
  identity: RunIdentity,
  ports: ShardPorts,
  signal: AbortSignal,
): Promise<ShardRun> => {
  const doors = { ports, signal };
  const rules = rolloutRules(asked, ports.clock);
  const stack = await findTarget(asked, { sha: identity.git.sha, rules, ...doors });
  const { config } = stack;
  const signing = await prepareSigning(config, ports);
  const plan = planTarget(config, identity, signing);
  const { functions, ecs } = stack.problem === null ? config.aws : NOTHING_NAMED;
  const deployment = await observeDeployment({ functions, ecs, plan, rules, ...doors });
  const waiting = { config, plan, identity, rules, signing, problem: stack.problem ?? deployment.problem };
  const target = await awaitTarget(waiting, doors);
  const meeting = target.kind === "ready" ? await meet({ config, plan, identity }, doors) : target;
  const measured = meeting.kind === "met";
  const load = measured
    ? await loadFrom({ plan, startAt: meeting.startAt, signing }, doors)
    : emptyLoad(plan, ports.clock.now());
  const changed = measured ? await changeDuring(deployment, doors) : null;
  const problems: readonly Problem[] = [
    ...(changed === null ? [] : [changed]),
    ...(measured ? shardRunProblems(load, plan) : [meeting.problem]),
    ...deployment.warnings,
    ...stack.notes.map(stackNote),
  ];
  const shard = {
    agreed: measured && meeting.startAt !== null ? new Date(meeting.startAt).toISOString() : null,
    clockMs: measured ? meeting.clockMs : 0,
    functions: config.aws.functions.map(({ label }) => label),
  };
  const parts = {
    ...identity,
    config: withSecrets(config, signing),
    plan,
    load,
    cloud: null,
    probes: target.probes.length,
    problems,
    shard,
  };
  return { record: buildRecord(parts), measured };
};

type Doors = { readonly ports: ShardPorts; readonly signal: AbortSignal };
type Met =
  | { readonly kind: "met"; readonly startAt: EpochMs | null; readonly clockMs: number }
  | Extract<Meeting, { readonly kind: "alone" }>;

const meet = async (
  { config, plan, identity }: { readonly config: Config; readonly plan: LoadPlan; readonly identity: RunIdentity },
  { ports, signal }: Doors,
): Promise<Met> => {
  const { artifacts, clock, log } = ports;
  const shard: Shard | null = config.shard;
  if (artifacts === null || shard === null) return { kind: "met", startAt: null, clockMs: 0 };
  return await meetShards({
    shard,
    plan,
    name: config.name,
    attempt: identity.git.runAttempt ?? 1,
    timeout: config.target.readyTimeout,
    ports: { artifacts, clock, log },
    signal,
  });
};

/** Warm-up and connections end shortly before the common start, so that they are still warm then. */
const loadFrom = async (
  {
    plan,
    startAt,
    signing,
  }: { readonly plan: LoadPlan; readonly startAt: EpochMs | null; readonly signing: Signing | null },
  { ports, signal }: Doors,
): Promise<LoadResult> => {
  const left = startAt === null ? 0 : startAt - preparation(plan) - ports.clock.now();
  if (left > 0) await ports.clock.sleep(millis(left), signal);
  // Where nothing was agreed, the others at least wait as long as the first one warms up.
  const start = startAt ?? epochMs(ports.clock.now() + plan.warmUp * 1000);
  return await ports.engine.run(plan, {
    signal,
    onProgress: ports.log.progress,
    startAt: start,
    signing: signing?.access ?? null,
  });
};
