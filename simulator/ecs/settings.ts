/** What ECS says of services, and how it behaves. */
import { type Faults, faultChecks, noFaults } from "../aws/faults.ts";
import { atLeast, type Checks, listOf, parsePartial, recordOf, shapeOf, text } from "../settings.ts";

/** Over what the container of a function says of itself. */
export type EcsService = {
  /** `rolloutState` of the PRIMARY deployment, one for each DescribeServices call; the last one stays. `COMPLETED` unless told. */
  readonly rollouts?: readonly string[];
  readonly reason?: string;
  /** Tasks that run, as many as are wanted unless told. */
  readonly running?: number;
  /** Such as `shop:7`; one for each call, the last one stays. */
  readonly taskDefinitions?: readonly string[];
  /** `ACTIVE` unless told. */
  readonly status?: string;
};

export type EcsSettings = Faults & {
  /** By `cluster/service`. */
  readonly services: Readonly<Record<string, EcsService>>;
};

export const defaultEcsSettings: EcsSettings = { ...noFaults, services: {} };

const checks: Checks<EcsSettings> = {
  ...faultChecks,
  services: recordOf(
    shapeOf<EcsService>({
      ...{ rollouts: listOf(text), reason: text, running: atLeast(0), taskDefinitions: listOf(text), status: text },
    }),
  ),
};

/** The JSON body of a change, checked; throws `SettingsError`. */
export const parseEcsChange = (given: unknown): Partial<EcsSettings> => parsePartial(checks, given);
