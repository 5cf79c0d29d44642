import type { Config } from "../config/config.ts";
import { runGate } from "./gate.ts";
import type { GatePorts, GateResult, RunIdentity } from "./gate-contract.ts";
import { withKnownDeployment } from "./known-deployment.ts";
import { runPaired } from "./paired-run.ts";

/** One deployment against earlier runs, or beside its base where `base-url` names one. */
export const measureAndJudge = async (
  config: Config,
  identity: RunIdentity,
  ports: GatePorts,
  signal: AbortSignal,
): Promise<GateResult> =>
  config.target.baseUrl === null
    ? runGate(config, identity, ports, signal)
    : runPaired(await withKnownDeployment(config, identity, { ports, signal }), identity, ports, signal);
