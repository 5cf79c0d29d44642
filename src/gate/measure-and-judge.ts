import type { Config } from "../config/config.ts";
import { runGate } from "./gate.ts";
import type { GatePorts, GateResult, RunIdentity } from "./gate-contract.ts";
import { runPaired } from "./paired-run.ts";

/** One deployment against earlier runs, or beside its base where `base-url` names one. */
export const measureAndJudge = (
  config: Config,
  identity: RunIdentity,
  ports: GatePorts,
  signal: AbortSignal,
): Promise<GateResult> =>
  config.target.baseUrl === null
    ? runGate(config, identity, ports, signal)
    : runPaired(config, identity, ports, signal);
