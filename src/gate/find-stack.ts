import type { AwsRead } from "../cloud/aws-read.ts";
import { type Stack, stackFunctions, stackUrl } from "../cloud/stack.ts";
import type { Config } from "../config/config.ts";
import { type Problem, UserError, usageProblem } from "../errors.ts";
import type { Clock, Log, Stacks } from "../ports.ts";
import { checkHost } from "../target/allowed-host.ts";
import { type RolloutRules, stackProgress } from "../target/rollout.ts";
import { awaitDeployment } from "./await-deployment.ts";

export type FindStack = {
  readonly rules: RolloutRules;
  readonly ports: { readonly stacks: Stacks; readonly clock: Clock; readonly log: Log };
  readonly signal: AbortSignal;
};

export type FoundStack = {
  /** With URL and functions filled in. */
  readonly config: Config;
  /** Why the stack cannot be loaded, after all. */
  readonly problem: Problem | null;
  readonly notes: readonly string[];
};

/** Stands for a URL that is not known yet, in the record of a run that could not start (RFC 6761: never resolves). */
const NO_URL = "http://stack.invalid/";

/**
 * Waits for the stack of `stack-name` and takes the URL and the functions from it where they are not given. Throws
 * `UserError` for a stack that does not exist, may not be read though it is needed, or does not name its URL.
 */
export const findStack = async (config: Config, { rules, ports, signal }: FindStack): Promise<FoundStack> => {
  const { stackName: name } = config.target;
  if (name === null) return { config, problem: null, notes: [] };
  const look = async () => {
    const read = await ports.stacks.read(name);
    const parts = read.kind === "value" ? [stackProgress(name, read.value.status, read.value.reason)] : [];
    return { parts, value: read };
  };
  const awaited = await awaitDeployment({ look, rules, ports, signal });
  if (awaited.kind === "not-ready")
    return { config: withUrl(config, config.target.url ?? NO_URL), problem: awaited.problem, notes: [] };
  const stack = readable(name, awaited.value, config.target.url === null);
  if (stack.kind === "unknown") return { config, problem: null, notes: [stack.note] };
  const placed = withUrl(config, config.target.url ?? urlOf(name, stack.value, config));
  return await withFunctions(placed, name, ports);
};

type Readable = { readonly kind: "stack"; readonly value: Stack } | { readonly kind: "unknown"; readonly note: string };

const readable = (name: string, read: AwsRead<Stack>, needed: boolean): Readable => {
  if (read.kind === "value") return { kind: "stack", value: read.value };
  if (read.kind === "absent")
    throw new UserError([
      usageProblem(
        "stack-not-usable",
        `CloudFormation knows no stack ${name}.`,
        "Check stack-name and aws-region, and that the credentials belong to the stack's account.",
      ),
    ]);
  const hint = read.kind === "denied" ? read.hint : "Run it again, or give url and functions.";
  if (needed) throw new UserError([usageProblem("stack-not-usable", read.reason, hint)]);
  return { kind: "unknown", note: `The stack ${name} could not be read: ${read.reason}` };
};

/** The stack is the deployment, so its host may be loaded; link-local and metadata addresses may not, whoever names them. */
const urlOf = (name: string, stack: Stack, { target }: Config): string => {
  const url = stackUrl(name, stack);
  if (!url.ok) throw new UserError(url.problems);
  const refused = checkHost(url.value, { given: [url.value], allowed: target.allowedHosts });
  if (refused !== null) throw new UserError([refused]);
  return url.value;
};

const withUrl = (config: Config, url: string): Config => ({ ...config, target: { ...config.target, url } });

const withFunctions = async (
  config: Config,
  name: string,
  { stacks, log }: FindStack["ports"],
): Promise<FoundStack> => {
  if (config.aws.functions.length > 0) return { config, problem: null, notes: [] };
  const read = await stacks.functions(name);
  if (read.kind !== "value") {
    const reason = read.kind === "absent" ? "it is gone." : read.reason;
    return { config, problem: null, notes: [`The functions of the stack ${name} are not known: ${reason}`] };
  }
  const functions = stackFunctions(read.value);
  const names = functions.map((one) => one.label).join(", ");
  log.info(`The stack ${name} has ${functions.length === 0 ? "no Lambda functions" : `the functions ${names}`}.`);
  return { config: { ...config, aws: { ...config.aws, functions } }, problem: null, notes: [] };
};

/** What a stack did not tell, in the record. */
export const stackNote = (message: string): Problem => ({
  code: "cloud-denied",
  severity: "warning",
  message,
  hint: "The run went on with what url and functions name.",
});
