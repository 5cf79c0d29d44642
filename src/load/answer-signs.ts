/** Signs in the headers of `ok` answers that say who answered. Absent where the engine did not look. */
export type AnswerSigns = {
  /** Answers whose headers were looked at: a sample of all. */
  readonly seen: number;
  /** `x-cache: Hit from cloudfront` and the like: a cache answered, Lambda was not asked. */
  readonly cacheHits: number;
  /** Answers with an `age` above 0. */
  readonly aged: number;
};
