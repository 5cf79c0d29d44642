/** What a code means and what to do about it; the sentence and hint of each case are said where it happens. */
export type CatalogueEntry = {
  readonly group: ErrorGroup;
  readonly meaning: string;
  readonly mend: string;
  /** What people see and search for, where that is not the code itself. */
  readonly symptom?: string;
};

export const ERROR_GROUPS = {
  usage: "Usage: nothing was sent",
  run: "Invalid: the run cannot be judged",
  metric: "One metric cannot be judged",
  beside: "The run stands, something beside it did not work",
} as const;
export type ErrorGroup = keyof typeof ERROR_GROUPS;
