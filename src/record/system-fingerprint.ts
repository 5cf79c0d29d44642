import type { CloudResult } from "../cloud/cloud.ts";
import type { FunctionFacts } from "../cloud/facts.ts";
import type { FrontEnd } from "../cloud/front-ends.ts";
import type { RunRecord } from "./record.ts";

type System = RunRecord["fingerprint"]["system"];
type Fact = System[string];

/**
 * What was under load, as flat facts: it may differ between two runs that are compared, and is then said. Functions by
 * their place in the list, because a preview gives them other names: `functions.0.memoryMb`. `addressed` is the front end by
 * address, where AWS named none.
 */
export const systemFingerprint = (cloud: CloudResult | null, addressed: FrontEnd | null): System => {
  const facts = cloud?.facts;
  const frontEnd = facts?.frontEnd?.kind ?? addressed;
  return {
    ...(frontEnd === null ? {} : { frontEnd }),
    ...(facts === undefined || facts.region === null ? {} : { region: facts.region }),
    ...Object.fromEntries(
      (facts?.functions ?? []).flatMap((one, index) =>
        Object.entries(functionSystem(one)).map(([name, value]): [string, Fact] => [
          `functions.${index}.${name}`,
          value,
        ]),
      ),
    ),
  };
};

const functionSystem = (one: FunctionFacts): System => {
  const { provisionedConcurrency: provisioned, managedInstances: managed } = one;
  return {
    name: one.function,
    memoryMb: one.memoryMb,
    architecture: one.architecture,
    runtime: one.runtime,
    packageType: one.packageType,
    timeoutMs: one.timeoutMs,
    ephemeralStorageMb: one.ephemeralStorageMb,
    codeSha256: one.codeSha256,
    configSha256: one.configSha256,
    snapStart: one.snapStart,
    vpcSubnets: one.vpcSubnets,
    reservedConcurrency: one.reservedConcurrency,
    provisionedConcurrency: provisioned === null || provisioned === "none" ? provisioned : provisioned.requested,
    managedInstances: managed === null ? null : managed !== "none",
    perEnvironmentConcurrency: managed === null || managed === "none" ? null : managed.perEnvironmentConcurrency,
  };
};
