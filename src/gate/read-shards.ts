import { type Parsed, type Problem, parsed, refused, UserError, usageProblem } from "../errors.ts";
import type { RunArtifact, RunArtifacts } from "../ports.ts";
import { undecodable } from "../record/merge-records.ts";
import { parseRecord } from "../record/parse-record.ts";
import type { RunRecord } from "../record/record.ts";
import type { NamedShard } from "./shard-problems.ts";

/** `swarmgate-<name>-shard-<index>` (SPEC 12.4). */
export const shardArtifact = (name: string, index: number): string => `swarmgate-${name}-shard-${index}`;
export const SHARD_FILE = "run.json";

/** A record as a shard; wrong usage when it is none, or when its histograms cannot be added to others. */
export const asShard = (name: string, record: RunRecord): Parsed<NamedShard> => {
  const { shard } = record;
  if (shard === undefined) {
    const message = `${name} is no shard: it is the record of a whole load.`;
    return refused([usageProblem("not-a-shard", message, "Give the records of run --shard, one for each shard.")]);
  }
  if (undecodable(record)) {
    const message = `${name} cannot be used: one of its histograms cannot be decoded.`;
    return refused([usageProblem("record-invalid", message, "Give the record as swarmgate wrote it.")]);
  }
  return parsed({ name, record: { ...record, shard } });
};

/** What the jobs of this workflow run have left; `problems` are those that could not be read, all `invalid`. */
export type RunShards = { readonly shards: readonly NamedShard[]; readonly problems: readonly Problem[] };

/**
 * Reads the shards of this workflow run: those of this name, or, because jobs of a matrix and the one that merges have
 * different ids, those of the only other name. Throws `UserError` when there are none, or of several names.
 */
export const readRunShards = async (artifacts: RunArtifacts, name: string): Promise<RunShards> => {
  const listed = await artifacts.list();
  if (!listed.ok) throw new UserError([none(`: ${listed.reason}`)]);
  const found = listed.value.flatMap((artifact) => {
    const [, owner] = /^swarmgate-(.+)-shard-[0-9]+$/.exec(artifact.name) ?? [];
    return owner === undefined ? [] : [{ artifact, owner }];
  });
  const owners = [...new Set(found.map(({ owner }) => owner))];
  const owner = owners.includes(name) ? name : owners[0];
  if (owner === undefined) throw new UserError([none("")]);
  if (owner !== name && owners.length > 1) throw new UserError([several(owners)]);
  const wanted = found.filter((one) => one.owner === owner).map(({ artifact }) => artifact);
  const read = await Promise.all(wanted.map((artifact) => readShard(artifacts, artifact)));
  return {
    shards: read.flatMap((one) => (one.ok ? [one.value] : [])),
    problems: read.flatMap((one) => (one.ok ? [] : one.problems.map((problem) => unusable(problem)))),
  };
};

const readShard = async (artifacts: RunArtifacts, artifact: RunArtifact): Promise<Parsed<NamedShard>> => {
  const read = await artifacts.read(artifact, SHARD_FILE);
  if (read.kind !== "bytes") {
    const reason = read.kind === "absent" ? `it holds no ${SHARD_FILE}` : read.reason;
    return refused([usageProblem("shard-missing", `${artifact.name} cannot be used: ${reason}.`, AGAIN)]);
  }
  const record = parseRecord(new TextDecoder().decode(read.bytes));
  if (record.ok) return asShard(artifact.name, record.value);
  return refused(record.problems.map((problem) => ({ ...problem, message: `${artifact.name}: ${problem.message}` })));
};

/** Nobody at the keyboard gave this file: it is a finding about the run. */
const unusable = (problem: Problem): Problem => ({ ...problem, severity: "invalid" });

const AGAIN = "Re-run all jobs.";

const none = (why: string): Problem =>
  usageProblem(
    "shard-missing",
    `This workflow run has no shards to merge${why}.`,
    "Let the merging job need the jobs with mode: shard, and look at why they left nothing.",
  );

const several = (owners: readonly string[]): Problem =>
  usageProblem(
    "not-a-shard",
    `This workflow run has shards of several gates: ${owners.join(", ")}.`,
    "Set name in the jobs that send and in the one that merges, the same in both.",
  );
