import { join } from "node:path";
import { numberAt } from "../json.ts";
import { buildGoTool } from "./go-tool.ts";
import type { Figures, Load, Peer } from "./peer.ts";

/** The first that this machine's Go builds is used. */
const VERSIONS = ["v1.8.1", "v1.0.0"] as const;
const MODULE = "go.k6.io/k6";

export const k6: Peer = {
  name: "k6",
  loads: ["flat", "users", "rate"],
  install: async (folder) => {
    const { file, version } = await build(folder);
    const args = ["run", "--quiet", "--no-color", "--no-usage-report", join(import.meta.dirname, "k6-script.js")];
    return {
      version,
      invoke: (load) => ({
        file,
        args,
        env: {
          URL: load.url,
          WAIT: String(load.kind === "users" ? load.wait : 0),
          LOAD: JSON.stringify(executor(load)),
        },
        read,
      }),
    };
  },
};

const build = async (folder: string): Promise<{ readonly file: string; readonly version: string }> => {
  let reason: unknown = null;
  for (const version of VERSIONS) {
    try {
      return { file: await buildGoTool({ name: "k6", module: MODULE, package: MODULE, version }, folder), version };
    } catch (error) {
      reason ??= error;
    }
  }
  throw reason;
};

const executor = (load: Load): object => {
  const duration = `${load.seconds}s`;
  switch (load.kind) {
    case "flat":
      return { executor: "constant-vus", vus: load.users, duration, gracefulStop: "0s" };
    case "users": {
      const ramp = load.users / load.spawnRate;
      const stages = [
        { duration: `${ramp}s`, target: load.users },
        { duration: `${load.seconds - ramp}s`, target: load.users },
      ];
      return { executor: "ramping-vus", startVUs: 0, stages, gracefulStop: "0s", gracefulRampDown: "0s" };
    }
    case "rate":
      return {
        executor: "constant-arrival-rate",
        rate: load.rate,
        timeUnit: "1s",
        duration,
        preAllocatedVUs: load.users,
      };
  }
};

const read = (text: string): Figures => {
  const metrics: unknown = JSON.parse(text.slice(text.indexOf("{")));
  const duration = (name: string): number | null => numberAt(metrics, "http_req_duration", "values", name);
  const dropped = numberAt(metrics, "dropped_iterations", "values", "count") ?? 0;
  return {
    requests: numberAt(metrics, "http_reqs", "values", "count"),
    requestsPerSecond: numberAt(metrics, "http_reqs", "values", "rate"),
    // A rate's "passes" are the samples that were true, and true means failed here.
    failures: numberAt(metrics, "http_req_failed", "values", "passes"),
    p50: duration("med"),
    p95: duration("p(95)"),
    p99: duration("p(99)"),
    remarks: dropped > 0 ? [`k6 dropped ${dropped} arrivals.`] : [],
  };
};
