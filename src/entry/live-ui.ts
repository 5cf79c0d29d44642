import { type LiveServer, startLiveServer } from "../adapters/node/live-server.ts";
import type { Config } from "../config/config.ts";
import { UserError, usageProblem } from "../errors.ts";
import type { Judgement } from "../judge/verdict.ts";
import type { LoadEngine, Log } from "../ports.ts";
import { renderLivePage } from "../report/html/live-page.ts";
import { liveState, mostUsersByHand } from "./live-state.ts";

/** A run with a page to watch it: the engine and the log tell the page, the page may stop the load. */
export type LiveUi = {
  readonly url: string;
  readonly engine: (engine: LoadEngine) => LoadEngine;
  readonly log: <L extends Log>(log: L) => L;
  /** Aborts when somebody stops the load on the page. */
  readonly stopped: AbortSignal;
  /** The last thing that open pages are told; `null` when the run came to no verdict. */
  readonly end: (result: { readonly judgement: Judgement; readonly headline: string } | null) => Promise<void>;
};

/** Serves the live page on a port of this machine. Throws `UserError` when that port cannot be had. */
export const startLiveUi = async (config: Config, port: number | null): Promise<LiveUi> => {
  const controller = new AbortController();
  let server: LiveServer | null = null;
  const state = liveState(config, {
    send: (name, data) => server?.send({ name, data }),
    stop: () => controller.abort(),
  });
  const { users, spawnRate } = config.load;
  const target = (config.target.url ?? config.target.stackName ?? "")
    .replace(/[?#].*$/s, "")
    .replace(/\/\/[^/]*@/, "//");
  const page = renderLivePage({ target, users, spawnRate, mostUsers: mostUsersByHand(config) });
  const hello = () => ({ name: "hello", data: state.hello() });
  server = await startLiveServer({ page, port, hello, ask: state.ask }).catch((error: unknown) => {
    throw new UserError([noPort(port, error)]);
  });
  const { url, close } = server;
  return {
    url,
    stopped: controller.signal,
    engine: ({ run }) => ({
      run: async (plan, options) => {
        const onProgress: typeof options.onProgress = (progress) => {
          state.addProgress(progress);
          options.onProgress(progress);
        };
        const result = await run(plan, { ...options, onProgress, onLive: state.addSecond, control: state.control });
        state.loadEnded();
        return result;
      },
    }),
    log: (log) => ({
      ...log,
      info: (line: string) => {
        state.addLine(line);
        log.info(line);
      },
      warn: (line: string) => {
        state.addLine(`warning: ${line}`);
        log.warn(line);
      },
    }),
    end: async (result) => {
      const data = result && { verdict: result.judgement.verdict, headline: result.headline };
      await close(data === null ? null : { name: "end", data });
    },
  };
};

const noPort = (port: number | null, error: unknown) =>
  usageProblem(
    "bad-value",
    `The live page cannot be served on port ${port ?? "0"}: ${error instanceof Error ? error.message : String(error)}.`,
    "Give another port with --ui-port, or leave it out to take one that is free.",
  );
