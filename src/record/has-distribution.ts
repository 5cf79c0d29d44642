import { isEmptyHistogram } from "../load/histogram.ts";
import type { RunRecord } from "./record.ts";

/** Whether the times of a record's responses are known, or its percentiles only (some imported files hold no more). */
export const hasDistribution = ({ response }: Pick<RunRecord, "response">): boolean =>
  response.count === 0 || !isEmptyHistogram(response.histogram);
