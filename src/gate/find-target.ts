import type { Config } from "../config/config.ts";
import { UserError, usageProblem } from "../errors.ts";
import type { Clock, Deployments, Log, Stacks } from "../ports.ts";
import { checkHost } from "../target/allowed-host.ts";
import {
  isWanted,
  type PreviewLook,
  type PreviewRules,
  type PreviewStep,
  previewStep,
  productionProblem,
} from "../target/preview.ts";
import type { RolloutRules } from "../target/rollout.ts";
import type { EpochMs } from "../units.ts";
import { type FoundStack, findStack } from "./find-stack.ts";
import { unlessAborted } from "./unless-aborted.ts";

export type FindTarget = {
  /** Commit under test. */
  readonly sha: string | null;
  readonly rules: RolloutRules;
  readonly ports: {
    readonly deployments?: Deployments;
    readonly stacks: Stacks;
    readonly clock: Clock;
    readonly log: Log;
  };
  readonly signal: AbortSignal;
};

/** Stands for a URL that is not known, in the record of a run that could not start (RFC 6761: never resolves). */
const NO_URL = "http://preview.invalid/";

/**
 * The configuration with its target filled in, in the order of SPEC section 4: the URL that is given, the deployment that
 * the event is about, the newest successful deployment of the commit in `environment`, the stack's outputs. Throws
 * `UserError` when what is asked for must not or cannot be looked for.
 */
export const findTarget = async (config: Config, asked: FindTarget): Promise<FoundStack> => {
  const preview = await findPreview(config, asked);
  if (preview === null) return await findStack(config, asked);
  if (preview.kind === "give-up") return { config: withUrl(config, NO_URL), problem: preview.problem, notes: [] };
  asked.ports.log.info(`The target is ${preview.url}, the deployment in "${preview.environment}".`);
  return await findStack(withUrl(config, preview.url), asked);
};

type Preview =
  | { readonly kind: "found"; readonly url: string; readonly environment: string }
  | Extract<PreviewStep, { readonly kind: "give-up" }>;

/** `null` where no deployment is to be looked for. */
const findPreview = async ({ target }: Config, asked: FindTarget): Promise<Preview | null> => {
  const offered = asked.ports.deployments?.offered ?? null;
  if (target.url !== null) {
    const production = productionProblem(target.url, { offered, allowProduction: target.allowProduction });
    if (production !== null) throw new UserError([production]);
    return null;
  }
  // A stack that is named stands for the target unless an environment is named too.
  if (target.environment === null && (offered === null || target.stackName !== null)) return null;
  if (asked.ports.deployments === undefined) throw new UserError([OUTSIDE]);
  const step = await awaitPreview(target, asked.ports.deployments, asked);
  if (step.kind === "give-up") {
    if (step.problem.severity === "usage") throw new UserError([step.problem]);
    return step;
  }
  const refused = checkHost(step.url, { given: [step.url], allowed: target.allowedHosts });
  if (refused !== null) throw new UserError([refused]);
  return { kind: "found", url: step.url, environment: step.deployment.environment };
};

const LOG_EVERY = 10_000;

const awaitPreview = async (
  { environment, allowProduction }: Config["target"],
  deployments: Deployments,
  { sha, rules: { timeout, deadline }, ports: { clock, log }, signal }: FindTarget,
): Promise<Exclude<PreviewStep, { readonly kind: "wait" }>> => {
  const rules: PreviewRules = { environment, allowProduction, sha, timeout, deadline };
  let logged: EpochMs | null = null;
  for (let look = 1; !signal.aborted; look += 1) {
    const seen = await unlessAborted(lookOnce(rules, deployments, look), signal);
    if (seen === null) break;
    const now = clock.now();
    const step = previewStep(rules, seen, now);
    if (step.kind !== "wait") return step;
    if (logged === null || now - logged >= LOG_EVERY) {
      log.wait({ text: "Waiting for the deployment", until: deadline, detail: step.text });
      logged = now;
    }
    await clock.sleep(step.time, signal);
  }
  return { kind: "give-up", problem: INTERRUPTED };
};

/** The event tells the first state of its own deployment; all others are GitHub's to tell. */
const lookOnce = async (rules: PreviewRules, { offered, ...ask }: Deployments, look: number): Promise<PreviewLook> => {
  if (offered !== null && isWanted(rules, offered.environment)) {
    if (look === 1 || offered.id === null) return { kind: "seen", deployments: [offered] };
    return await ask.again(offered);
  }
  if (rules.sha === null) return { kind: "unread", reason: "The commit of this run is not known", final: true };
  return await ask.ofCommit(rules.sha, (environment) => isWanted(rules, environment));
};

const withUrl = (config: Config, url: string): Config => ({ ...config, target: { ...config.target, url } });

const OUTSIDE = usageProblem(
  "missing-value",
  "environment names a deployment on GitHub, and this is no job of GitHub Actions.",
  "Give url.",
);

const INTERRUPTED = {
  code: "interrupted",
  severity: "invalid",
  message: "The wait for the deployment was interrupted before any load was sent.",
  hint: "Run it again to the end.",
} as const;
