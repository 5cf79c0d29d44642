import { type Problem, usageProblem } from "../errors.ts";

/** Why a file of another tool cannot be used; the caller puts the file's name in front. */
export const importProblem = (
  says: string,
  hint = "Give the file as the tool wrote it, whole; an interrupted run or an incomplete copy is the usual cause.",
): Problem => usageProblem("import-unreadable", `The file cannot be imported: ${says}.`, hint);

/** A file that would lie, with what to give instead. */
export const importRefused = (says: string, hint: string): Problem =>
  usageProblem("import-refused", `The file cannot be judged: ${says}.`, hint);
