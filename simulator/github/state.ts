/** The memory of the simulated GitHub: settings, what was written, and the numbers it gives out. */
import { atLeast, type Checks, flag, list, object, parsePartial, text } from "../settings.ts";
import type { Exchange } from "./exchanges.ts";
import type { Artifact, Comment, CommitStatus, GithubSettings, Override, RecordedRequest, Run, User } from "./model.ts";

export const actionsBot: User = { login: "github-actions[bot]", type: "Bot" };

export const defaultGithubSettings: GithubSettings = {
  repository: "octo/shop",
  repositoryId: 4242,
  defaultBranch: "main",
  commits: [],
  branches: {},
  pulls: [],
  labels: {},
  issueEvents: [],
  deployments: [],
  permissions: {},
  comments: [],
  readOnlyToken: false,
  tokenUser: "",
  keepExchanges: false,
  overrides: [],
};

const checks: Checks<GithubSettings> = {
  repository: text,
  repositoryId: atLeast(1),
  defaultBranch: text,
  commits: list,
  branches: object,
  pulls: list,
  labels: object,
  issueEvents: list,
  deployments: list,
  permissions: object,
  comments: list,
  readOnlyToken: flag,
  tokenUser: text,
  keepExchanges: flag,
  overrides: list,
};

/** The JSON body of a change, checked by its keys and their kinds; throws `SettingsError`. */
export const parseGithubChange = (given: unknown): Partial<GithubSettings> => parsePartial(checks, given);

export type Blob = { readonly signature: string; content: Buffer | undefined; contentType: string };

export class GithubState {
  settings = defaultGithubSettings;
  comments: Comment[] = [];
  statuses: CommitStatus[] = [];
  runs: Run[] = [];
  artifacts: Artifact[] = [];
  requests: RecordedRequest[] = [];
  exchanges: Exchange[] = [];
  readonly blobs = new Map<string, Blob>();
  #lastId = 1000;
  #timesLeft = new Map<Override, number>();

  configure(change: Partial<GithubSettings>): void {
    this.settings = { ...this.settings, ...change };
    if (change.overrides !== undefined) this.#timesLeft = new Map();
    if (change.comments !== undefined) {
      this.comments = [];
      for (const { issue, body, user } of change.comments) this.addComment(issue, body, user ?? actionsBot);
    }
  }

  /** Ids grow, so that a larger one is newer. */
  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  /** Whoever the token belongs to. */
  author(): User {
    const { tokenUser } = this.settings;
    if (tokenUser === "") return actionsBot;
    return { login: tokenUser, type: tokenUser.endsWith("[bot]") ? "Bot" : "User" };
  }

  addComment(issue: number, body: string, user: User): Comment {
    const created_at = new Date().toISOString();
    const comment = { id: this.nextId(), issue, user, body, created_at, updated_at: created_at };
    this.comments.push(comment);
    return comment;
  }

  /** The planned failure for a request, if one is left; counts it as used. */
  takeOverride(method: string, path: string): Override | undefined {
    const found = this.settings.overrides.find(
      (override) =>
        (override.method === undefined || override.method === method) &&
        new RegExp(override.pathRegex).test(path) &&
        this.#left(override) > 0,
    );
    if (found !== undefined) this.#timesLeft.set(found, this.#left(found) - 1);
    return found;
  }

  #left(override: Override): number {
    return this.#timesLeft.get(override) ?? override.times ?? Number.POSITIVE_INFINITY;
  }

  run(id: number): Run | undefined {
    return this.runs.find((run) => run.id === id);
  }

  /** Whether an issue or pull request of this number exists. */
  hasIssue(number: number): boolean {
    return this.settings.pulls.some((pull) => pull.number === number) || String(number) in this.settings.labels;
  }
}
