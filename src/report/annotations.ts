import type { GateConfig, Reaction } from "../config/config.ts";
import { clip, escapeLog } from "./escape.ts";
import type { ReportModel } from "./report.ts";

/** One annotation on the workflow run; one line, free of workflow commands. */
export type Annotation = { readonly level: "error" | "warning"; readonly message: string };

/** Where the user said `pass`, an open gate is left without a word. */
export type Reactions = Pick<GateConfig, "onInconclusive" | "onInvalid" | "onNoBaseline">;

const LONGEST = 1000;
/** GitHub cuts the description of a commit status at 140 characters. */
const LONGEST_STATUS = 140;

/** A closed gate is one error with the headline; what is in doubt warns once; a quiet `inconclusive` says nothing. */
export const buildAnnotations = (model: ReportModel, reactions: Reactions): readonly Annotation[] => {
  const headline = annotation(model.gateOpen ? "warning" : "error", model.headline);
  const problems = model.problems
    .filter(({ severity }) => severity === "warning" || severity === "invalid")
    .map(({ message, hint }) => annotation("warning", `${message} ${hint}`));
  return [...(!model.gateOpen || headlineWarns(model, reactions) ? [headline] : []), ...problems];
};

/** The description of a commit status. */
export const statusDescription = (model: ReportModel): string => clip(escapeLog(model.headline), LONGEST_STATUS);

const headlineWarns = ({ verdict, face }: ReportModel, reactions: Reactions): boolean => {
  const speaks = (reaction: Reaction): boolean => reaction !== "pass";
  switch (verdict) {
    case "pass":
    case "improved":
      return false;
    case "warn":
    case "fail":
      return true;
    case "inconclusive":
      return face !== "neutral" && speaks(reactions.onInconclusive);
    case "invalid":
      return speaks(reactions.onInvalid);
    case "no-baseline":
      return speaks(reactions.onNoBaseline);
  }
};

const annotation = (level: Annotation["level"], text: string): Annotation => ({
  level,
  message: clip(escapeLog(text), LONGEST),
});
