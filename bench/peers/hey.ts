import { numberIn } from "../json.ts";
import { buildGoTool } from "./go-tool.ts";
import { type Figures, type Peer, unsupported } from "./peer.ts";

const VERSION = "v0.1.5";
const MODULE = "github.com/rakyll/hey";

export const hey: Peer = {
  name: "hey",
  loads: ["flat"],
  install: async (folder) => {
    const file = await buildGoTool({ name: "hey", module: MODULE, package: MODULE, version: VERSION }, folder);
    return {
      version: VERSION,
      invoke: (load) => {
        if (load.kind !== "flat") throw unsupported("hey", load);
        return { file, args: ["-z", `${load.seconds}s`, "-c", String(load.users), load.url], read };
      },
    };
  },
};

const read = (text: string): Figures => {
  const statuses = [...text.matchAll(/^\s*\[(\d{3})\]\s+(\d+) responses/gm)];
  const counts = statuses.map(([, status, count]) => ({ ok: status?.startsWith("2") ?? false, count: Number(count) }));
  const errors = [...(text.split("Error distribution:")[1] ?? "").matchAll(/^\s*\[(\d+)\]/gm)];
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const failed = sum(errors.map(([, count]) => Number(count)));
  return {
    requests: sum(counts.map(({ count }) => count)) + failed,
    requestsPerSecond: numberIn(text, /Requests\/sec:\s+([\d.]+)/),
    failures: failed + sum(counts.filter(({ ok }) => !ok).map(({ count }) => count)),
    p50: numberIn(text, /50%+ in ([\d.]+) secs/, 1000),
    p95: numberIn(text, /95%+ in ([\d.]+) secs/, 1000),
    p99: numberIn(text, /99%+ in ([\d.]+) secs/, 1000),
  };
};
