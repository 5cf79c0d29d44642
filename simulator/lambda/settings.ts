/** How Lambda's control plane behaves; what it says about a function is set with the function. */
import { type Faults, faultChecks, noFaults } from "../aws/faults.ts";
import { type Checks, parsePartial } from "../settings.ts";

export type LambdaSettings = Faults;

export const defaultLambdaSettings: LambdaSettings = noFaults;

const checks: Checks<LambdaSettings> = faultChecks;

/** The JSON body of a change, checked; throws `SettingsError`. */
export const parseLambdaChange = (given: unknown): Partial<LambdaSettings> => parsePartial(checks, given);
