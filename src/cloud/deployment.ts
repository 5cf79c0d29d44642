/**
 * What Lambda's control plane says of the functions under test: facts for the record, the state of a roll-out, and
 * whether anything changed while the load ran.
 */
import type { Problem } from "../errors.ts";
import { type AwsRead, knownOf } from "./aws-read.ts";
import type { FunctionRef } from "./cloud.ts";
import type { FunctionFacts } from "./facts.ts";

/** GetFunctionConfiguration, as far as anybody here needs it. */
export type FunctionConfiguration = Omit<
  FunctionFacts,
  "function" | "reservedConcurrency" | "provisionedConcurrency"
> & {
  readonly version: string | null;
  /** `Active`, `Pending`, `Failed` ... */
  readonly state: string | null;
  readonly stateReason: string | null;
  /** `Successful`, `InProgress`, `Failed`. */
  readonly updateStatus: string | null;
  readonly updateReason: string | null;
  readonly logs: {
    readonly group: string;
    readonly format: "Text" | "JSON";
    /** A system log level of WARN leaves the REPORT records out of JSON logs. */
    readonly reports: boolean;
  };
};

/** Where an alias sends requests. */
export type AliasRoute = {
  readonly version: string | null;
  /** Shares of further versions, empty outside a canary. */
  readonly weights: Readonly<Record<string, number>>;
};

export type Provisioned = Exclude<FunctionFacts["provisionedConcurrency"], "none" | null> & {
  readonly reason: string | null;
};

/** All reads about one function. `null` where the question makes no sense: a function without qualifier has no alias. */
export type FunctionReads = {
  readonly ref: FunctionRef;
  readonly configuration: AwsRead<FunctionConfiguration>;
  readonly alias: AwsRead<AliasRoute> | null;
  readonly provisioned: AwsRead<Provisioned | "none"> | null;
  readonly reserved: AwsRead<number | "none"> | null;
};

/** Facts of the functions whose configuration could be read, in the order given. */
export const functionFacts = (reads: readonly FunctionReads[]): readonly FunctionFacts[] =>
  reads.flatMap(({ ref, configuration, provisioned, reserved }) => {
    if (configuration.kind !== "value") return [];
    const { version, state, stateReason, updateStatus, updateReason, logs, ...facts } = configuration.value;
    return [
      {
        function: ref.label,
        ...facts,
        reservedConcurrency: reserved === null ? null : knownOf(reserved),
        provisionedConcurrency: provisioned === null ? "none" : provisionedFacts(knownOf(provisioned)),
      },
    ];
  });

/**
 * One sentence when code or configuration of a function changed between two reads: what was measured then is neither of
 * the two. Only what both reads know is compared.
 */
export const deploymentChanged = (
  before: readonly FunctionReads[],
  after: readonly FunctionReads[],
): Problem | null => {
  const changes = before.flatMap((one, index) => {
    const other = after[index];
    return other === undefined ? [] : changesOf(one, other).map((what) => `${what} of ${one.ref.label}`);
  });
  return changes.length === 0 ? null : changedDuringLoad(changes);
};

export const changedDuringLoad = (changes: readonly string[]): Problem => ({
  code: "deployment-changed",
  severity: "invalid",
  message: `The deployment changed while the load ran: ${changes.join("; ")}.`,
  hint: "Let the deployment finish before the gate starts, and keep two runs from deploying to one place.",
});

const provisionedFacts = (read: Provisioned | "none" | null): FunctionFacts["provisionedConcurrency"] => {
  if (read === null || read === "none") return read;
  const { requested, available, status } = read;
  return { requested, available, status };
};

const changesOf = (before: FunctionReads, after: FunctionReads): readonly string[] => {
  const [old, now] = [traits(before), traits(after)];
  return Object.keys(old).flatMap((name) => {
    const [was, is] = [old[name] ?? null, now[name] ?? null];
    if (was === null || is === null || was === is) return [];
    return [name.startsWith("the") ? name : `${name} (${was} to ${is})`];
  });
};

/** What must stay the same, as texts; `null` is not known. Hashes are named without their values, which say nothing. */
const traits = ({
  configuration,
  alias,
  provisioned,
  reserved,
}: FunctionReads): Readonly<Record<string, string | null>> => {
  const facts = knownOf(configuration);
  const route = alias === null ? null : knownOf(alias);
  const kept = provisioned === null ? null : knownOf(provisioned);
  const text = (value: number | string | null): string | null => (value === null ? null : String(value));
  return {
    "the code": facts?.codeSha256 ?? null,
    "the configuration": facts?.configSha256 ?? null,
    memory: facts === null || facts.memoryMb === null ? null : `${facts.memoryMb} MB`,
    architecture: facts?.architecture ?? null,
    runtime: facts?.runtime ?? null,
    timeout: facts === null || facts.timeoutMs === null ? null : `${facts.timeoutMs / 1000} s`,
    version: route?.version ?? facts?.version ?? null,
    "the alias's weights": route === null ? null : JSON.stringify(route.weights),
    "reserved concurrency": reserved === null ? null : text(knownOf(reserved)),
    "provisioned concurrency": text(kept === null || kept === "none" ? kept : kept.requested),
  };
};
