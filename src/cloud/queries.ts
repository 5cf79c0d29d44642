/** One statistic of one metric with its exact dimension set, over one bucket that is the whole window. */
export type MetricQuery = {
  /** Unique within a request: starts with a lower-case letter, letters, digits and underscores. */
  readonly id: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** `Sum`, `Average`, `Maximum`, `p95` ... */
  readonly statistic: string;
};

/** Query id to value; `null` where CloudWatch has no datapoint. */
export type MetricAnswer =
  | {
      readonly kind: "values";
      readonly values: Readonly<Record<string, number | null>>;
      readonly messages: readonly string[];
    }
  | { readonly kind: "denied"; readonly reason: string }
  | { readonly kind: "unavailable"; readonly reason: string };
