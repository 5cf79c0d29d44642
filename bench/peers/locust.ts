import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { numberAt, valueAt } from "../json.ts";
import { runOrThrow } from "../process.ts";
import { type Figures, type Load, type Peer, unsupported } from "./peer.ts";

const VERSION = "2.47.0";
const INSTALL_LIMIT_S = 300;

/** One of Locust's two HTTP clients: FastHttpUser is the quick one, HttpUser the one of most locustfiles. */
const locustWith = (client: "FastHttpUser" | "HttpUser", loads: Peer["loads"]): Peer => ({
  name: `Locust ${client}`,
  loads,
  install: async (folder) => {
    const file = await install(folder);
    return {
      version: VERSION,
      invoke: (load) => ({
        file,
        args: [
          "--locustfile",
          join(import.meta.dirname, "locustfile.py"),
          ...["--headless", "--json", "--skip-log"],
          ...["--users", String(load.users), "--spawn-rate", String(spawnRate(load)), "--run-time", `${load.seconds}s`],
          ...["--host", new URL(load.url).origin],
        ],
        env: {
          CLIENT: client,
          URL_PATH: new URL(load.url).pathname,
          WAIT: String(load.kind === "users" ? load.wait : 0),
        },
        read,
      }),
    };
  },
});

export const locustFast = locustWith("FastHttpUser", ["flat", "users"]);
export const locustHttp = locustWith("HttpUser", ["flat"]);

let installing: Promise<string> | null = null;

/** Once for both clients, even when both ask at the same time. */
const install = (folder: string): Promise<string> => {
  installing ??= installOnce(resolve(folder, `locust-${VERSION}`));
  return installing;
};

const installOnce = async (home: string): Promise<string> => {
  const binary = join(home, "bin", "locust");
  if (existsSync(binary)) return binary;
  await runOrThrow({ file: "python3", args: ["-m", "venv", home] }, INSTALL_LIMIT_S);
  await runOrThrow(
    { file: join(home, "bin", "pip"), args: ["install", "--quiet", `locust==${VERSION}`] },
    INSTALL_LIMIT_S,
  );
  return binary;
};

const spawnRate = (load: Load): number => {
  if (load.kind === "rate") throw unsupported("Locust", load);
  return load.kind === "users" ? load.spawnRate : load.users;
};

const read = (text: string): Figures => {
  const stats: unknown = JSON.parse(text.slice(text.indexOf("[")));
  const row = valueAt(stats, "0");
  const requests = numberAt(row, "num_requests");
  const seconds = (numberAt(row, "last_request_timestamp") ?? 0) - (numberAt(row, "start_time") ?? 0);
  const times = histogram(valueAt(row, "response_times"));
  return {
    requests,
    requestsPerSecond: requests === null || seconds <= 0 ? null : requests / seconds,
    failures: numberAt(row, "num_failures"),
    p50: percentile(times, 0.5),
    p95: percentile(times, 0.95),
    p99: percentile(times, 0.99),
  };
};

type Bucket = { readonly ms: number; readonly count: number };

/** Response time, as Locust rounded it, to how often it was seen. */
const histogram = (value: unknown): readonly Bucket[] =>
  typeof value === "object" && value !== null
    ? Object.entries(value)
        .map(([ms, count]) => ({ ms: Number(ms), count: Number(count) }))
        .sort((a, b) => a.ms - b.ms)
    : [];

/** Nearest rank over Locust's own buckets: the number its table shows. */
const percentile = (buckets: readonly Bucket[], level: number): number | null => {
  const total = buckets.reduce((sum, { count }) => sum + count, 0);
  let seen = 0;
  for (const { ms, count } of buckets) {
    seen += count;
    if (seen >= level * total) return ms;
  }
  return null;
};
