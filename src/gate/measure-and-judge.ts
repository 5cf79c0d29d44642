import type { Config } from "../config/config.ts";
import { type GatePorts, type GateResult, type RunIdentity, runGate } from "./gate.ts";
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
