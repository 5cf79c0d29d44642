import type { ResultRow, Scope, ScopeRandom } from "../../../scenario/scenario.ts";
import type { OutcomeClass } from "../../outcome.ts";
import { printableLine } from "../../printable.ts";
import type { Recorder } from "../recorder.ts";
import type { UserContext } from "../user-context.ts";
import type { WorkScript } from "../work.ts";
import { Turn, type TurnHost } from "./turn.ts";

/** What the user knows of a turn of its own. */
export type UserTurn = Pick<TurnHost, "index" | "data" | "send" | "ended"> & {
  readonly scope: Scope | null;
  readonly phase: ResultRow["phase"];
  /** Of the window, in which the turn began. */
  readonly second: number;
};

/** A turn that has not begun: when the function itself fails, that is counted in the row of its name. */
export const playScript = ({ name }: WorkScript, context: UserContext, user: UserTurn): Turn => {
  const { plan, now, recorder, work } = context;
  const { index, data, scope, phase, second, send } = user;
  return new Turn({
    index,
    data,
    random: scope?.random ?? NO_RANDOM,
    log: work.module?.log ?? (() => {}),
    plan,
    phase,
    url: work.module?.url ?? "",
    now,
    rowNamed: (row, of) => recorder.rowNamed(row, of),
    send,
    hung: () => countFailure(context, { name, phase, second, outcome: "aborted", text: HUNG }),
    ended: (end) => {
      const { failure } = end;
      if (failure !== null) countFailure(context, { name, phase, second, outcome: "check-failed", text: failure });
      user.ended(end);
    },
  });
};

const HUNG = "had not ended when the time was over, and waited for nothing that the user object gives";

export type ScriptFailure = {
  readonly name: string;
  readonly phase: ResultRow["phase"];
  readonly second: number;
  readonly outcome: OutcomeClass;
  readonly text: string;
};

/** Counts a failure that is no request's: one entry in the row of that name, without times. */
export const countFailure = (
  { recorder, sample }: Pick<UserContext, "sample"> & { readonly recorder: Recorder },
  { name, phase, second, outcome, text }: ScriptFailure,
): void => {
  const row = recorder.rowNamed(name, phase);
  sample.row = row;
  sample.second = second;
  sample.outcome = outcome;
  sample.service = 0;
  sample.response = 0;
  sample.lag = 0;
  sample.ttfb = null;
  sample.download = null;
  sample.sent = 0;
  sample.received = 0;
  recorder.record(sample);
  if (recorder.wantsExample(sample)) recorder.example(row, outcome, { status: null, text: printableLine(text) });
};

const NO_RANDOM: ScopeRandom = { values: () => 0, rows: () => 0, uuid: () => "" };
