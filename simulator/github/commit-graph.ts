/** Questions about history, over a list of commits in order of time (oldest first). */
export type Commit = {
  readonly sha: string;
  readonly parents: readonly string[];
  readonly message?: string;
};

export type Graph = { readonly commits: readonly Commit[]; readonly branches: Readonly<Record<string, string>> };

export type Comparison = {
  readonly base: Commit;
  readonly mergeBase: Commit;
  /** In the head and not in the base, oldest first. */
  readonly ahead: readonly Commit[];
  readonly behind: readonly Commit[];
};

/** The commit a branch, `refs/heads/` name, SHA or abbreviated SHA (7 characters at least) stands for. */
export function resolve({ commits, branches }: Graph, name: string): Commit | undefined {
  const sha = branches[name.replace(/^refs\/heads\//, "")] ?? name;
  return commits.find((commit) => commit.sha === sha || (sha.length >= 7 && commit.sha.startsWith(sha)));
}

/** A commit and everything it was made from, newest first. */
export function historyOf({ commits }: Graph, from: Commit): readonly Commit[] {
  const known = new Map(commits.map((commit) => [commit.sha, commit]));
  const reached = new Set<string>();
  const open = [from.sha];
  for (let sha = open.pop(); sha !== undefined; sha = open.pop()) {
    if (reached.has(sha)) continue;
    reached.add(sha);
    open.push(...(known.get(sha)?.parents ?? []));
  }
  return commits.filter(({ sha }) => reached.has(sha)).toReversed();
}

/** How `head` stands to `base`; nothing if they share no commit. */
export function compare(graph: Graph, base: Commit, head: Commit): Comparison | undefined {
  const ofBase = historyOf(graph, base);
  const ofHead = historyOf(graph, head);
  const inBase = new Set(ofBase.map(({ sha }) => sha));
  const inHead = new Set(ofHead.map(({ sha }) => sha));
  const mergeBase = ofHead.find(({ sha }) => inBase.has(sha));
  if (mergeBase === undefined) return undefined;
  return {
    base,
    mergeBase,
    ahead: ofHead.filter(({ sha }) => !inBase.has(sha)).toReversed(),
    behind: ofBase.filter(({ sha }) => !inHead.has(sha)).toReversed(),
  };
}
