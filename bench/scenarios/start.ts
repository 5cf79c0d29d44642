import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join, resolve } from "node:path";
import type { Bench } from "../bench.ts";
import { type Program, sleep, start as startProgram, stop, within } from "../process.ts";
import type { Section } from "../section.ts";
import { series } from "../statistics.ts";

const STARTS = 9;
const LIMIT_MS = 20_000;
const PAUSE_MS = 200;

/** From the start of the action's process to its first probe at the target. */
export const start = async (bench: Bench): Promise<Section> => {
  const server = await listen();
  const times: { readonly action: number[]; readonly bare: number[] } = { action: [], bare: [] };
  try {
    for (let turn = 1; turn <= STARTS; turn += 1) {
      times.bare.push(await untilEnd({ file: process.execPath, args: ["-e", "0"] }));
      times.action.push(await untilProbe(server, action(bench, server.port)));
      await sleep(PAUSE_MS);
      bench.log(
        `${turn}/${STARTS} action ${times.action.at(-1)?.toFixed(0)} ms, bare ${times.bare.at(-1)?.toFixed(0)} ms`,
      );
    }
  } finally {
    server.close();
  }
  return {
    title: "Start of the action",
    setting: [
      `${STARTS} starts of \`dist/index.js\` as GitHub's runner does it, with an explicit url and no functions, until its first probe arrives at a local server; between them \`node -e 0\` until it has ended. Not bound to a core.`,
    ],
    columns: [{ key: "ms", title: "ms", digits: 0 }],
    rows: [
      { name: "the action, to its first probe", values: { ms: series(times.action) } },
      { name: "bare Node, to its end", values: { ms: series(times.bare) } },
    ],
    notes: [],
  };
};

type ProbeServer = {
  readonly port: number;
  /** Milliseconds on the monotonic clock, once the next request has come. */
  readonly nextRequest: () => Promise<number>;
  readonly close: () => void;
};

const listen = async (): Promise<ProbeServer> => {
  let arrived: (at: number) => void = () => undefined;
  const server: Server = createServer((_, response) => {
    arrived(performance.now());
    response.end("{}");
  });
  await new Promise<void>((settle) => server.listen(0, "127.0.0.1", settle));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the probe's server has no port");
  return {
    port: address.port,
    nextRequest: () =>
      new Promise((settle) => {
        arrived = settle;
      }),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};

/** The action's surroundings on a runner; GitHub itself is replaced by an address where nothing listens. */
const action = ({ dist, scratch }: Bench, port: number): Program => {
  const folder = mkdtempSync(join(scratch, "start-"));
  mkdirSync(join(folder, "temp"));
  const file = (name: string, text = ""): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const nowhere = "http://127.0.0.1:9";
  return {
    file: process.execPath,
    args: [resolve(dist, "index.js")],
    cwd: folder,
    env: {
      CI: "true",
      GITHUB_ACTIONS: "true",
      GITHUB_REPOSITORY: "acme/orders",
      GITHUB_EVENT_NAME: "push",
      GITHUB_EVENT_PATH: file("event.json", "{}"),
      GITHUB_OUTPUT: file("output.txt"),
      GITHUB_STEP_SUMMARY: file("summary.md"),
      GITHUB_WORKSPACE: folder,
      RUNNER_TEMP: join(folder, "temp"),
      GITHUB_API_URL: nowhere,
      ACTIONS_RESULTS_URL: nowhere,
      GITHUB_TOKEN: "",
      INPUT_URL: `http://127.0.0.1:${port}/hello`,
      INPUT_USERS: "1",
      "INPUT_RUN-TIME": "5s",
      INPUT_BASELINE: "none",
      INPUT_COMMENT: "never",
    },
  };
};

const untilProbe = async (server: ProbeServer, program: Program): Promise<number> => {
  const begin = performance.now();
  const child = startProgram(program);
  try {
    const at = await within(server.nextRequest(), LIMIT_MS);
    if (at === null) throw new Error(`the action sent no probe within ${LIMIT_MS / 1000} s`);
    return at - begin;
  } finally {
    await stop(child);
  }
};

const untilEnd = async (program: Program): Promise<number> => {
  const begin = performance.now();
  const child = startProgram(program);
  await new Promise((settle) => child.once("exit", settle));
  return performance.now() - begin;
};
