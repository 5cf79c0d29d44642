import { numberIn } from "../json.ts";
import { runOrThrow } from "../process.ts";
import { debianProgram } from "./debian.ts";
import { type Figures, type Peer, unsupported } from "./peer.ts";

/** More than ab can send, and still bounded: it allocates a slot for each at the start. */
const MOST_PER_SECOND = 250_000;

export const ab: Peer = {
  name: "ab",
  loads: ["flat"],
  install: async (folder) => {
    const program = await debianProgram({ name: "ab", package: "apache2-utils" }, folder);
    const text = await runOrThrow({ ...program, args: ["-V"] }, 10);
    return {
      version: /Version (\S+)/.exec(text)?.[1] ?? "unknown",
      invoke: (load) => {
        if (load.kind !== "flat") throw unsupported("ab", load);
        // -t sets -n to 50,000, so -n has to come after it.
        const bounds = ["-t", String(load.seconds), "-n", String(load.seconds * MOST_PER_SECOND)];
        return { ...program, args: ["-q", "-k", "-c", String(load.users), ...bounds, load.url], read };
      },
    };
  },
};

const read = (text: string): Figures => ({
  requests: numberIn(text, /Complete requests:\s+(\d+)/),
  requestsPerSecond: numberIn(text, /Requests per second:\s+([\d.]+)/),
  failures: (numberIn(text, /Failed requests:\s+(\d+)/) ?? 0) + (numberIn(text, /Non-2xx responses:\s+(\d+)/) ?? 0),
  p50: numberIn(text, /^\s*50%\s+(\d+)/m),
  p95: numberIn(text, /^\s*95%\s+(\d+)/m),
  p99: numberIn(text, /^\s*99%\s+(\d+)/m),
});
