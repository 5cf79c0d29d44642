import type { Acceptance } from "../record/acceptance.ts";
import { clip, plainText } from "./escape.ts";
import type { ReportModel } from "./report.ts";
import { VERDICT_ICON } from "./rows.ts";

const LONGEST_NAME = 60;

/** The report of a run whose regression was accepted: every figure and verdict stays, what is left to do goes. */
export const asAccepted = (model: ReportModel, { by }: Pick<Acceptance, "by">): ReportModel => ({
  ...model,
  icon: VERDICT_ICON.warn,
  headline: `Accepted by ${clip(plainText(by), LONGEST_NAME)}: ${model.headline}`,
  provenance: model.provenance.map((part, index) =>
    index === 0 ? part.replace(/: open\b.*$/, ": open (accepted)") : part,
  ),
  next: [],
});
