/** One condition of a limit; all conditions of a limit must be exceeded. Values in the metric's own unit, shares as 0.1. */
export type LimitTerm =
  /** `+10%`: share of the base value; negative for metrics where less is worse. */
  | { readonly kind: "relative"; readonly share: number }
  /** `+0.5pp`: difference of two shares, 0.005. */
  | { readonly kind: "points"; readonly points: number }
  /** `+5ms`, `+2`, `+7`: difference in the metric's unit, or in events for counts. */
  | { readonly kind: "amount"; readonly amount: number }
  /** `<= 500ms`, `<= 1%`. */
  | { readonly kind: "at-most"; readonly value: number }
  /** `>= 100`, for metrics where less is worse. */
  | { readonly kind: "at-least"; readonly value: number };

/** What a metric may not exceed. */
export type Limit = {
  readonly metric: string;
  /** Task or function of `p95@checkout`; `null` for the whole. */
  readonly scope: string | null;
  readonly role: "gate" | "warn" | "off";
  readonly terms: readonly LimitTerm[];
  /** As the user wrote it, without the role word. */
  readonly text: string;
  /** `default` limits follow the mode (p95 gates only in paired mode); what a user writes gates in both. */
  readonly origin: "default" | "user";
};
