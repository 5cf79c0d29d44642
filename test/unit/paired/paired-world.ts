/** Paired mode in virtual time: an engine that takes as long as its plan says and answers as it is told. */
import type { Config } from "../../../src/config/config.ts";
import type { GatePorts } from "../../../src/gate/gate-contract.ts";
import type { LoadPlan } from "../../../src/load/plan.ts";
import type { LoadResult } from "../../../src/load/result.ts";
import { ARMS, type Arm } from "../../../src/load/segment.ts";
import { epochMs, seconds } from "../../../src/units.ts";
import { fakeLog } from "../../fake-log.ts";
import { configOf } from "../config/sources.ts";
import { latency, outcomes, START } from "../record/sample-record.ts";
import { loadResult, task } from "../target/load-result.ts";

export const BASE_URL = "https://base.example.com/";
export const HEAD_URL = "https://head.example.com/";

export type Sent = { readonly arm: Arm; readonly plan: LoadPlan; readonly at: number };

/** What one segment answers: by default 660 `ok` responses around 100 ms, a little different in each segment. */
export type Answer = (sent: Sent, number: number) => Partial<LoadResult> & { readonly tookMs?: number };

export const responses = (median: number, number: number): Partial<LoadResult> => {
  const scatter = 1 + 0.004 * ((number % 3) - 1);
  const times = latency(...Array.from({ length: 660 }, (_, i) => median * scatter * (0.8 + (i % 100) / 250)));
  return { response: times, service: times, tasks: [{ ...task({ ok: 660 }), response: times, service: times }] };
};

export const pairedConfig = (inputs: Readonly<Record<string, string>> = {}): Config =>
  configOf({ url: HEAD_URL, "base-url": BASE_URL, ...inputs });

export const pairedWorld = (answer: Answer) => {
  let now = START;
  const sent: Sent[] = [];
  const lines: string[] = [];
  const slept: number[] = [];
  const controller = new AbortController();
  const say = (line: string): void => {
    lines.push(line);
  };
  const run = async (plan: LoadPlan): Promise<LoadResult> => {
    const arm = plan.origin === new URL(BASE_URL).origin ? "base" : "head";
    const one: Sent = { arm, plan, at: now };
    sent.push(one);
    const { tookMs, ...own } = answer(one, sent.length);
    const ramp = (plan.warmUp + (plan.ramp ?? 0)) * 1000;
    const start = now + ramp;
    now += tookMs ?? ramp + (plan.runTime - (plan.ramp ?? 0)) * 1000;
    const window = { start: epochMs(start), end: epochMs(now), seconds: seconds(plan.runTime - (plan.ramp ?? 0)) };
    return loadResult({ ok: 660 }, { window, warm: { ok: 40 }, ...own });
  };
  const unused = () => {
    throw new Error("AWS is not asked here");
  };
  const ports: GatePorts = {
    clock: {
      now: () => epochMs(now),
      sleep: async (time) => {
        slept.push(time);
        now += time;
      },
    },
    engine: { run },
    log: { ...fakeLog(() => now, lines), warn: say },
    probe: async () => ({ kind: "answer", status: 200, headers: {}, body: "" }),
    cloud: { query: unused, list: unused },
    quotas: { value: unused },
    services: { read: unused },
    keys: unused,
    sign: unused,
    lambda: {
      configuration: unused,
      alias: unused,
      provisioned: unused,
      reserved: unused,
      account: unused,
      region: async () => null,
    },
    logs: { insights: unused, lines: unused },
    stacks: { read: unused, functions: unused, resources: unused },
    history: null,
    files: { read: unused, write: unused },
  };
  return {
    ports,
    sent,
    lines,
    slept,
    controller,
    signal: controller.signal,
    elapsed: () => (now - START) / 1000,
    /** Arms in the order of their segments: `base head`, `head base`. */
    rounds: (): readonly string[] => {
      const arms = sent.map(({ arm }) => arm);
      return arms.flatMap((arm, at) => (at % ARMS.length === 0 ? [`${arm} ${arms[at + 1] ?? "-"}`] : []));
    },
  };
};

/** Nobody answers: what a refused segment looks like. */
export const refused: Partial<LoadResult> = {
  totals: { ...loadResult({}).totals, requests: 500, outcomes: outcomes({ "client-error": 500 }) },
  tasks: [task({ "client-error": 500 }, { "client-error": [{ status: 403, text: "forbidden" }] })],
};
