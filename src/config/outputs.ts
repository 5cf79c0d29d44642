/** Outputs of the action (SPEC 2.1). Always set, empty when there is nothing. */
export type OutputRow = { readonly name: string; readonly about: string };

export const OUTPUTS: readonly OutputRow[] = [
  { name: "verdict", about: "`pass`, `improved`, `warn`, `fail`, `inconclusive`, `invalid` or `no-baseline`." },
  { name: "gate-open", about: "`true` or `false`." },
  { name: "headline", about: "The finding in one sentence." },
  { name: "metrics", about: "JSON: id, unit, gates, base, head, change, limit and verdict of each metric." },
  { name: "required-concurrency", about: "Lambda environments that this change needs, rounded up." },
  { name: "baseline-sha", about: "Commit of the baseline." },
  { name: "baseline-state", about: "How near the baseline is: `exact`, `ancestor`, `latest` or `file`." },
  {
    name: "detectable-effect",
    about: "JSON: the smallest change that would have been a `fail`, as a share, by metric id.",
  },
  { name: "run-record", about: "Absolute path of the run record." },
  { name: "html-report", about: "Absolute path of the HTML report, with `html-report: true`." },
  { name: "comment-id", about: "Id of the pull request comment." },
];
