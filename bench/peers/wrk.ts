import { numberIn } from "../json.ts";
import { measure } from "../process.ts";
import { debianProgram } from "./debian.ts";
import { type Figures, type Peer, unsupported } from "./peer.ts";

export const wrk: Peer = {
  name: "wrk",
  loads: ["flat"],
  install: async (folder) => {
    const program = await debianProgram({ name: "wrk", package: "wrk" }, folder);
    // wrk says its version with exit code 1.
    const { stdout } = await measure({ ...program, args: ["-v"] }, 10);
    return {
      version: /^wrk (?:debian\/)?(\S+)/.exec(stdout)?.[1] ?? "unknown",
      invoke: (load) => {
        if (load.kind !== "flat") throw unsupported("wrk", load);
        const args = ["-t1", `-c${load.users}`, `-d${load.seconds}s`, "--latency", load.url];
        return { ...program, args, read };
      },
    };
  },
};

const read = (text: string): Figures => ({
  requests: numberIn(text, /(\d+) requests in/),
  requestsPerSecond: numberIn(text, /Requests\/sec:\s+([\d.]+)/),
  failures: (numberIn(text, /Non-2xx or 3xx responses: (\d+)/) ?? 0) + socketErrors(text),
  p50: latency(text, "50"),
  p95: null,
  p99: latency(text, "99"),
});

const socketErrors = (text: string): number => {
  const line = /Socket errors:(.*)$/m.exec(text)?.[1] ?? "";
  return [...line.matchAll(/\d+/g)].reduce((sum, [count]) => sum + Number(count), 0);
};

const MS_PER: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, m: 60_000 };

const latency = (text: string, level: string): number | null => {
  const [, value, unit] = new RegExp(`^\\s*${level}%\\s+([\\d.]+)(us|ms|s|m)$`, "m").exec(text) ?? [];
  return value === undefined || unit === undefined ? null : Number(value) * (MS_PER[unit] ?? Number.NaN);
};
