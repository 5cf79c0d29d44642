import { type Millis, millis, secondsToMillis } from "../../units.ts";
import type { LoadPlan } from "../plan.ts";
import { longestWait } from "../wait-time.ts";
import { chooseTransport, makeTransport } from "./choose-transport.ts";
import { proxyFor } from "./proxy.ts";
import type { Recorder } from "./recorder.ts";
import type { Connection, Transport } from "./transport.ts";

/** A connection is kept this much longer than the longest wait. */
const IDLE_MARGIN_MS = 600_000;
/** Node turns a longer timer into one of a millisecond. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Connections for the users of one worker: one transport per origin, `null` being the target's own. */
export const connections = (
  plan: LoadPlan,
  recorder: Recorder,
  environment: Readonly<Record<string, string | undefined>>,
): ((origin: string | null) => Connection) => {
  const transports = new Map<string, Transport>();
  const open = (origin: string): Transport => {
    const transport = makeTransport(
      {
        origin,
        insecure: plan.insecure,
        http2: plan.http2,
        idle: idleTime(plan),
        proxy: proxyFor(origin, environment),
        onConnected: (first, times) => recorder.connected(first, times),
        onSurplus: () => recorder.surplus(),
      },
      chooseTransport({ origin, http2: plan.http2 }, environment),
    );
    transports.set(origin, transport);
    return transport;
  };
  return (origin) => {
    const to = origin ?? plan.origin;
    return (transports.get(to) ?? open(to)).open();
  };
};

const idleTime = (plan: LoadPlan): Millis =>
  millis(Math.min(LONGEST_TIMER_MS, secondsToMillis(longestWait(plan.waitTime)) + IDLE_MARGIN_MS));
