import type { KnownNoise } from "../baseline/baseline.ts";
import { parseHistory, uniteNoise } from "../baseline/history.ts";
import { selectRuns } from "../baseline/select.ts";
import type { Config } from "../config/config.ts";
import { UserError, usageProblem } from "../errors.ts";
import type { BaseHistory } from "../ports.ts";
import { testFingerprint } from "../record/fingerprint.ts";
import { givenBaseline } from "./baseline-file.ts";
import { deploymentNoiseOf } from "./calibrated-noise.ts";
import { workflowPath } from "./find-baseline.ts";
import type { GatePorts, RunIdentity } from "./gate-contract.ts";
import { planTarget } from "./plan-target.ts";
import { historyArtifact } from "./stored-artifacts.ts";
import { unlessAborted } from "./unless-aborted.ts";

/**
 * The configuration of paired mode with what sessions on pairs of deployments have measured under its load: of the history
 * that is given as baseline, else of the newest runs on the base branch. Read before the load, because every look at the
 * rounds is judged with it; the record keeps it. Where nothing can be read the documented terms stand. Throws `UserError`
 * when a run record is given as baseline.
 */
export const withKnownDeployment = async (
  config: Config,
  identity: RunIdentity,
  { ports, signal }: { readonly ports: GatePorts; readonly signal: AbortSignal },
): Promise<Config> => {
  const known = (await unlessAborted(knownNoise(config, identity, ports), signal)) ?? {};
  if ((known.deployments ?? []).length === 0) return config;
  // What the URL of a preview will be is not known yet; tasks of one side only make no other load.
  const target = { ...config.target, url: config.target.url ?? config.target.baseUrl };
  const plan = planTarget({ ...config, target }, identity, null);
  const test = testFingerprint(plan, [...config.secrets, ...(plan.scenario?.secrets ?? [])]);
  const deployment = deploymentNoiseOf(known, test);
  return deployment === null ? config : { ...config, baseline: { ...config.baseline, deployment } };
};

const knownNoise = async (config: Config, { git, workflow }: RunIdentity, ports: GatePorts): Promise<KnownNoise> => {
  const { source, branch, workflow: named } = config.baseline;
  if (source.kind === "none") return {};
  const file = await givenBaseline(config, ports);
  if (file !== null && file.isHistory !== true) throw new UserError([TWO_BASES]);
  if (file !== null) return file.known ?? {};
  const where = { branch: branch ?? git.baseBranch, workflow: workflowPath(named ?? workflow) };
  if (ports.history === null || where.branch === null || where.workflow === null) return {};
  const search = { branch: where.branch, workflow: where.workflow, ownRunId: git.runId, line: [] };
  try {
    return await newestNoise(ports.history, search, historyArtifact(config.name));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    ports.log.info(
      `What was calibrated on ${where.branch} could not be read, and the documented terms stand: ${reason}`,
    );
    return {};
  }
};

/** Runs that overlapped have not seen each other's history. */
const NEWEST = 3;

const newestNoise = async (
  history: BaseHistory,
  search: Parameters<typeof selectRuns>[1],
  artifact: string,
): Promise<KnownNoise> => {
  const { candidates } = selectRuns(await history.runs(search), search);
  const read = candidates.slice(0, NEWEST).map(async ({ id }): Promise<KnownNoise> => {
    const answer = await history.artifact({ runId: id, artifact, file: "history.json" });
    const parsed = answer.kind === "bytes" ? parseHistory(new TextDecoder().decode(answer.bytes)) : null;
    return parsed?.ok === true ? parsed.value : {};
  });
  return uniteNoise(await Promise.all(read));
};

const TWO_BASES = usageProblem(
  "conflicting-values",
  "base-url and a run record as baseline are both given, and the run is compared with one of them only.",
  "Leave out baseline, or base-url; a history as baseline tells what was calibrated.",
);
