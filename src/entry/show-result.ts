import type { Judgement } from "../judge/verdict.ts";
import { resultJson, resultText } from "../report/json.ts";
import type { ReportModel } from "../report/report.ts";
import { renderTerminal } from "../report/terminal.ts";
import { heightOf, type Streams, widthOf } from "./streams.ts";

export type Shown = {
  readonly report: ReportModel;
  readonly judgement: Judgement;
  /** Path of the run record, `null` when none was written. */
  readonly runRecord: string | null;
  /** A command that shows all of it, where the same one would send the load again. */
  readonly whole?: string;
};

/** The result on stdout: the summary for people, or JSON and nothing else. */
export const showResult = (
  shown: Shown,
  { json, streams }: { readonly json: boolean; readonly streams: Streams },
): void => {
  const { report, judgement, runRecord, ...whole } = shown;
  if (json) streams.out(resultText(resultJson({ judgement, headline: report.headline, runRecord })));
  else
    streams.out(
      renderTerminal(report, { width: widthOf(streams), rows: heightOf(streams), colour: streams.colour, ...whole }),
    );
};
