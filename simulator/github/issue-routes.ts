/** Comments and labels of issues and pull requests. */
import { type Answer, jsonAnswer, parseJson } from "../local-server.ts";
import { type Call, type Route, route } from "../routes.ts";
import { commentBody, issueBody, issueEventBody, labelBody } from "./bodies/issue-body.ts";
import type { Comment } from "./model.ts";
import { created, found, notFound, numberOf, paged, unprocessable } from "./rest.ts";
import type { GithubState } from "./state.ts";

const longestBody = 65_536;

export function issueRoutes(state: GithubState): readonly Route[] {
  const body = (comment: Comment): Readonly<Record<string, unknown>> => commentBody(state, comment);
  const commentOf = (call: Call): Comment | undefined => {
    const id = numberOf(call, "id");
    return state.comments.find((comment) => comment.id === id);
  };
  return [
    route("GET /repos/:owner/:repo/issues/:number", (call) => {
      const number = numberOf(call, "number");
      return state.hasIssue(number) ? jsonAnswer(200, issueBody(state, number)) : notFound();
    }),
    route("GET /repos/:owner/:repo/issues/:number/comments", (call) => {
      const number = numberOf(call, "number");
      if (!state.hasIssue(number)) return notFound();
      return paged(
        call,
        state.comments.filter((comment) => comment.issue === number),
        (comments) => comments.map(body),
      );
    }),
    route("POST /repos/:owner/:repo/issues/:number/comments", (call) => {
      const number = numberOf(call, "number");
      if (!state.hasIssue(number)) return notFound();
      const text = textOf(call);
      return refusedText(text) ?? created(body(state.addComment(number, text, state.author())));
    }),
    route("GET /repos/:owner/:repo/issues/:number/events", (call) => {
      const number = numberOf(call, "number");
      if (!state.hasIssue(number)) return notFound();
      const events = state.settings.issueEvents.map((event, index) => ({ ...event, id: index + 1 }));
      return paged(
        call,
        events.filter((event) => event.issue === number),
        (some) => some.map((event) => issueEventBody(state, event)),
      );
    }),
    route("GET /repos/:owner/:repo/issues/comments/:id", (call) => found(commentOf(call), body)),
    route("PATCH /repos/:owner/:repo/issues/comments/:id", (call) => {
      const comment = commentOf(call);
      if (comment === undefined) return notFound();
      const text = textOf(call);
      const edited = { ...comment, body: text, updated_at: new Date().toISOString() };
      const refused = refusedText(text);
      if (refused === undefined) state.comments = state.comments.map((one) => (one === comment ? edited : one));
      return refused ?? jsonAnswer(200, body(edited));
    }),
    route("DELETE /repos/:owner/:repo/issues/comments/:id", (call) => {
      const comment = commentOf(call);
      if (comment === undefined) return notFound();
      state.comments = state.comments.filter((one) => one !== comment);
      return { status: 204 };
    }),
    ...labelRoutes(state),
  ];
}

function labelRoutes(state: GithubState): readonly Route[] {
  const set = (number: number, labels: readonly string[]): Answer => {
    state.settings = { ...state.settings, labels: { ...state.settings.labels, [String(number)]: labels } };
    return jsonAnswer(200, labelsOf(state, number));
  };
  const names = (number: number): readonly string[] => state.settings.labels[String(number)] ?? [];
  return [
    route("GET /repos/:owner/:repo/issues/:number/labels", (call) => {
      const number = numberOf(call, "number");
      return state.hasIssue(number) ? paged(call, labelsOf(state, number), (labels) => labels) : notFound();
    }),
    route("POST /repos/:owner/:repo/issues/:number/labels", (call) => {
      const number = numberOf(call, "number");
      const { labels = [] } = parseJson(call.body) as { readonly labels?: readonly string[] };
      return state.hasIssue(number) ? set(number, [...new Set([...names(number), ...labels])]) : notFound();
    }),
    route("DELETE /repos/:owner/:repo/issues/:number/labels/:name", (call) => {
      const number = numberOf(call, "number");
      const name = call.param("name");
      if (!names(number).includes(name)) return notFound();
      return set(
        number,
        names(number).filter((one) => one !== name),
      );
    }),
  ];
}

const labelsOf = (state: GithubState, number: number): readonly unknown[] =>
  (state.settings.labels[String(number)] ?? []).map((name) => labelBody(state, name));

const textOf = (call: Call): string => {
  const { body } = parseJson(call.body) as { readonly body?: unknown };
  return typeof body === "string" ? body : "";
};

function refusedText(text: string): Answer | undefined {
  const problem = (code: string, message: string): Answer =>
    unprocessable("Validation Failed", [{ resource: "IssueComment", code, field: "body", message }]);
  if (text.trim() === "") return problem("missing_field", "Body can't be blank");
  if ([...text].length > longestBody) {
    return problem("unprocessable", `Body is too long (maximum is ${longestBody} characters)`);
  }
  return undefined;
}
