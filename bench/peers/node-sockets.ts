import { join } from "node:path";
import { numberAt } from "../json.ts";
import { type Peer, unsupported } from "./peer.ts";

/** Not a load generator: what is left of Node's own sockets when nothing is parsed, timed or kept. The ceiling of ours. */
export const nodeSockets: Peer = {
  name: "node:net bare loop",
  loads: ["flat"],
  install: async () => ({
    version: process.versions.node,
    invoke: (load) => {
      if (load.kind !== "flat") throw unsupported("node:net", load);
      const program = join(import.meta.dirname, "node-sockets.js");
      const args = [program, new URL(load.url).port, String(load.users), String(load.seconds)];
      return {
        file: process.execPath,
        args,
        read: (text) => {
          const report: unknown = JSON.parse(text);
          return {
            requests: numberAt(report, "requests"),
            requestsPerSecond: numberAt(report, "requestsPerSecond"),
            failures: null,
            p50: null,
            p95: null,
            p99: null,
          };
        },
      };
    },
  }),
};
