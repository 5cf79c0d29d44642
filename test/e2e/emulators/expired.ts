/** The embedded simulator, for what no emulator of others plays. */
import { join } from "node:path";
import { startSimulator } from "../../../simulator/client.ts";
import { awsEnvironment } from "../../../src/entry/demo/repository.ts";

/** Its AWS with a fault in Lambda and CloudWatch, and the variables that point there. */
export const simulatedAws = async (
  root: string,
  fault: { readonly expired: boolean },
): Promise<{ readonly env: Readonly<Record<string, string>>; readonly stop: () => Promise<void> }> => {
  const args = [join(root, "dist", "simulator", "index.js")];
  const simulator = await startSimulator({ command: process.execPath, args, spinMs: 0 });
  await simulator.putFunction("orders", { fresh: true });
  await simulator.putLambda(fault);
  await simulator.putCloudwatch(fault);
  return { env: awsEnvironment(simulator), stop: () => simulator.stop() };
};
