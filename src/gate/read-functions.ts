import { type AwsRead, knownOf } from "../cloud/aws-read.ts";
import type { FunctionRef } from "../cloud/cloud.ts";
import type { FunctionReads } from "../cloud/deployment.ts";
import type { LambdaControl } from "../ports.ts";
import { functionProgress, type Progress } from "../target/rollout.ts";

/**
 * Everything Lambda says of the functions, one call after the other: the control plane allows 15 calls a second to the
 * whole account. Where the first call shows that nothing can be had, the others are not made.
 */
export const readFunctions = async (
  lambda: LambdaControl,
  functions: readonly FunctionRef[],
): Promise<readonly FunctionReads[]> => {
  const reads: FunctionReads[] = [];
  let hopeless: AwsRead<never> | null = null;
  for (const ref of functions) {
    const one: FunctionReads = hopeless === null ? await readOne(lambda, ref) : allOf(ref, hopeless);
    hopeless ??= hopelessOf(one.configuration);
    reads.push(one);
  }
  return reads;
};

/** How far each function's roll-out is; what could not be read is not waited for. */
export const progressOf = (reads: readonly FunctionReads[]): readonly Progress[] =>
  reads.flatMap(({ ref, configuration, alias, provisioned }) => {
    if (configuration.kind !== "value") return [];
    const kept = provisioned === null ? null : knownOf(provisioned);
    return [
      functionProgress({
        ...configuration.value,
        name: ref.label,
        weights: alias === null ? {} : (knownOf(alias)?.weights ?? {}),
        provisioned: kept === "none" ? null : kept,
      }),
    ];
  });

const readOne = async (lambda: LambdaControl, ref: FunctionRef): Promise<FunctionReads> => {
  const configuration = await lambda.configuration(ref);
  const hopeless = hopelessOf(configuration);
  if (hopeless !== null) return allOf(ref, hopeless);
  if (configuration.kind === "absent") return { ...allOf(ref, configuration), configuration };
  const alias = isAlias(ref) ? await lambda.alias(ref) : null;
  const provisioned = isQualified(ref) ? await lambda.provisioned(ref) : null;
  return { ref, configuration, alias, provisioned, reserved: await lambda.reserved(ref) };
};

/** Credentials that do not work, or a service that does not answer, will not do better for the next question. */
const hopelessOf = <T>(read: AwsRead<T>): AwsRead<never> | null => {
  if (read.kind === "unavailable") return read;
  return read.kind === "denied" && !read.permission ? read : null;
};

const allOf = (ref: FunctionRef, read: AwsRead<never>): FunctionReads => ({
  ref,
  configuration: read,
  alias: null,
  provisioned: null,
  reserved: null,
});

/** `$LATEST` and plain functions have neither alias nor provisioned concurrency. */
const isQualified = ({ qualifier }: FunctionRef): boolean => qualifier !== null && qualifier !== "$LATEST";
const isAlias = (ref: FunctionRef): boolean => isQualified(ref) && !/^\d+$/.test(ref.qualifier ?? "");
