/** What CloudFormation holds and how it behaves. */
import { type Faults, faultChecks, noFaults } from "../aws/faults.ts";
import { type Checks, listOf, parsePartial, recordOf, shapeOf, text } from "../settings.ts";

export type StackResource = {
  readonly logicalId?: string;
  readonly physicalId?: string;
  /** Such as `AWS::Lambda::Function`. */
  readonly type?: string;
  /** `CREATE_COMPLETE` unless told. */
  readonly status?: string;
};

export type Stack = {
  /** One for each DescribeStacks call; the last one stays. `CREATE_COMPLETE` unless told. */
  readonly statuses?: readonly string[];
  readonly statusReason?: string;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly resources?: readonly StackResource[];
};

export type CloudformationSettings = Faults & {
  readonly stacks: Readonly<Record<string, Stack>>;
};

export const defaultCloudformationSettings: CloudformationSettings = { ...noFaults, stacks: {} };

const resourceChecks: Checks<StackResource> = { logicalId: text, physicalId: text, type: text, status: text };

const stackChecks: Checks<Stack> = {
  statuses: listOf(text),
  statusReason: text,
  outputs: recordOf(text),
  resources: listOf(shapeOf(resourceChecks)),
};

const checks: Checks<CloudformationSettings> = { ...faultChecks, stacks: recordOf(shapeOf(stackChecks)) };

/** The JSON body of a change, checked; throws `SettingsError`. */
export const parseCloudformationChange = (given: unknown): Partial<CloudformationSettings> =>
  parsePartial(checks, given);
