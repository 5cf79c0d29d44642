import { createAws } from "../adapters/aws/aws.ts";
import { githubDeployments } from "../adapters/github/deployments.ts";
import { nodeClock } from "../adapters/node/clock.ts";
import { nodeFiles } from "../adapters/node/files.ts";
import { nodeProbe } from "../adapters/node/probe.ts";
import type { GatePorts } from "../gate/gate-contract.ts";
import { createEngine } from "../load/engine/engine.ts";
import type { ActionJob } from "./action-job.ts";
import { defaultWorkers } from "./default-workers.ts";
import { signHeaders } from "./sign-headers.ts";
import type { Surroundings } from "./surroundings.ts";

/**
 * The doors of every job that measures or asks AWS, so that each mode finds and waits for its deployment alike. `probing` is
 * called with every probe of the target. `close` ends the connections to AWS.
 */
export const gatePorts = (
  { config, workerFile }: Pick<ActionJob, "config" | "workerFile">,
  { client, context, history, log }: Surroundings,
  probing: () => void = () => {},
): { readonly ports: GatePorts; readonly close: () => void } => {
  const { close, ...aws } = createAws({ region: config.aws.region });
  const ports = {
    clock: nodeClock,
    probe: (request: Parameters<GatePorts["probe"]>[0]) => {
      const answer = nodeProbe(request);
      // Beside the wait for it: what GitHub is told must not delay the first probe.
      probing();
      return answer;
    },
    engine: createEngine({
      workerFile,
      workers: config.load.workers ?? defaultWorkers(),
      environment: process.env,
    }),
    ...aws,
    sign: signHeaders,
    deployments: githubDeployments({ client, env: process.env, offered: context.offered }),
    history,
    files: nodeFiles(),
    log,
  };
  return { ports, close };
};
