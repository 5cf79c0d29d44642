/** `node simulator/main.ts [--seed N] [--config JSON] [--spin-ms N] [--exit-with-stdin]` */
import { parseArgs } from "node:util";
import { type RunningSimulator, runSimulator } from "./simulator.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    config: { type: "string", default: "{}" },
    "spin-ms": { type: "string", default: "1.2" },
    "exit-with-stdin": { type: "boolean", default: false },
  },
});

start().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});

async function start(): Promise<void> {
  const config: unknown = JSON.parse(values.config);
  const [seed, spinMs] = [Number(values.seed), Number(values["spin-ms"])];
  if (!Number.isInteger(seed) || !(spinMs >= 0)) throw new Error("--seed is an integer, --spin-ms milliseconds");
  const simulator = await runSimulator({ seed, spinMs, config });
  process.once("SIGINT", () => stop(simulator));
  process.once("SIGTERM", () => stop(simulator));
  if (values["exit-with-stdin"]) process.stdin.resume().once("close", () => stop(simulator));
  process.stdout.write(`${JSON.stringify(simulator.urls)}\n`);
}

function stop(simulator: RunningSimulator): void {
  void simulator.stop().finally(() => process.exit(0));
}
