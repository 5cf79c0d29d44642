import { type Problem, usageProblem } from "../errors.ts";
import type { AwsRead, Denied } from "./aws-read.ts";
import type { FunctionReads } from "./deployment.ts";

/** A read and what is missing without it. */
type Asked = { readonly read: AwsRead<unknown> | null; readonly what: string };

/** A function that Lambda does not know is a wrong name, account or region: nothing has been sent yet. */
export const unknownFunctions = (reads: readonly FunctionReads[], region: string | null): readonly Problem[] =>
  reads.flatMap(({ ref, configuration }) =>
    configuration.kind === "absent"
      ? [
          usageProblem(
            "function-not-found",
            `Lambda knows no function ${ref.label}${region === null ? "" : ` in ${region}`}.`,
            "Check functions and aws-region, and that the credentials belong to the function's account.",
          ),
        ]
      : [],
  );

/** Credentials that are missing, expired or wrong: the first such refusal, if any. */
export const uselessCredentials = (reads: readonly FunctionReads[]): Denied | null => {
  const denied = reads.flatMap(({ configuration }) => (configuration.kind === "denied" ? [configuration] : []));
  return denied.find((one) => !one.permission) ?? null;
};

/** Why Lambda gave no answer at all, if it gave none: a wrong region's address, a proxy, a service that fails. */
export const silentService = (reads: readonly FunctionReads[]): string | null => {
  const [first] = reads.flatMap(({ configuration }) =>
    configuration.kind === "unavailable" ? [configuration.reason] : [],
  );
  return first ?? null;
};

/** Each thing that AWS did not tell, once, with what is missing for it. */
export const readNotes = (reads: readonly FunctionReads[], account: AwsRead<unknown> | null): readonly string[] => {
  const all: readonly Asked[] = [
    ...reads.flatMap(({ configuration, alias, provisioned, reserved }) => [
      { read: configuration, what: "memory, code and state of the functions" },
      { read: alias, what: "the alias's weights" },
      { read: provisioned, what: "provisioned concurrency" },
      { read: reserved, what: "reserved concurrency" },
    ]),
    { read: account, what: "the account's concurrency limit" },
  ];
  const causes = new Map<string, Set<string>>();
  for (const { read, what } of all) {
    if (read === null || (read.kind !== "denied" && read.kind !== "unavailable")) continue;
    causes.set(read.reason, (causes.get(read.reason) ?? new Set()).add(what));
  }
  return [...causes].map(([reason, missing]) => `${reason} Not known for that: ${[...missing].join(", ")}.`);
};
