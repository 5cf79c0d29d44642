import { existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { numberAt } from "../json.ts";
import { runOrThrow } from "../process.ts";
import { type Figures, type Peer, unsupported } from "./peer.ts";

const VERSION = "9.0.0";
const INSTALL_LIMIT_S = 300;

export const autocannon: Peer = {
  name: "autocannon",
  loads: ["flat"],
  install: async (folder) => {
    const home = resolve(folder, `autocannon-${VERSION}`);
    const program = join(home, "node_modules", "autocannon", "autocannon.js");
    if (!existsSync(program)) {
      mkdirSync(home, { recursive: true });
      const args = ["install", "--prefix", home, "--no-save", "--no-audit", "--no-fund", `autocannon@${VERSION}`];
      await runOrThrow({ file: "npm", args, cwd: home }, INSTALL_LIMIT_S);
    }
    return {
      version: VERSION,
      invoke: (load) => {
        if (load.kind !== "flat") throw unsupported("autocannon", load);
        const args = [
          program,
          "-c",
          String(load.users),
          "-d",
          String(load.seconds),
          "--json",
          "--no-progress",
          load.url,
        ];
        return { file: process.execPath, args, read };
      },
    };
  },
};

const read = (text: string): Figures => {
  const report: unknown = JSON.parse(text.slice(text.indexOf("{")));
  return {
    requests: numberAt(report, "requests", "total"),
    requestsPerSecond: numberAt(report, "requests", "average"),
    failures: (numberAt(report, "errors") ?? 0) + (numberAt(report, "non2xx") ?? 0),
    p50: numberAt(report, "latency", "p50"),
    p95: null,
    p99: numberAt(report, "latency", "p99"),
  };
};
