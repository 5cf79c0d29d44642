/** What `doctor` found out about one thing. */
export type Finding = {
  readonly level: "ok" | "warn" | "fail";
  /** What was looked at: `target`, `workflow` ... */
  readonly check: string;
  /** One sentence. */
  readonly text: string;
  /** One sentence: what to do about it; `null` where nothing is to be done. */
  readonly mend: string | null;
};

export const ok = (check: string, text: string): Finding => ({ level: "ok", check, text, mend: null });
export const warn = (check: string, text: string, mend: string): Finding => ({ level: "warn", check, text, mend });
export const fail = (check: string, text: string, mend: string): Finding => ({ level: "fail", check, text, mend });
