/** Issues, their comments, labels and events (`issue`, `issue-comment`, `label`, `labeled-issue-event`). */
import type { Comment, IssueEvent } from "../model.ts";
import type { GithubState } from "../state.ts";
import { API, LONG_AGO, nodeId, WEB } from "./addresses.ts";
import { userBody } from "./user-body.ts";

export function issueBody(state: GithubState, number: number): unknown {
  const { repository, labels } = state.settings;
  const [api, html_url] = [`${API}/repos/${repository}`, `${WEB}/${repository}/issues/${number}`];
  const url = `${api}/issues/${number}`;
  return {
    ...{ id: number, node_id: nodeId("I", number), number, title: `Issue ${number}`, state: "open", locked: false },
    ...{ url, html_url, repository_url: api, labels_url: `${url}/labels{/name}` },
    ...{ comments_url: `${url}/comments`, events_url: `${url}/events` },
    labels: (labels[String(number)] ?? []).map((name) => labelBody(state, name)),
    comments: state.comments.filter((comment) => comment.issue === number).length,
    ...{ user: userBody("developer"), assignee: null, milestone: null, closed_at: null },
    ...{ created_at: LONG_AGO, updated_at: LONG_AGO },
  };
}

export function labelBody({ settings }: GithubState, name: string): unknown {
  const { id } = userBody(name);
  const url = `${API}/repos/${settings.repository}/labels/${encodeURIComponent(name)}`;
  return { id, node_id: nodeId("LA", id), url, name, description: "", color: "ededed", default: false };
}

export function commentBody({ settings }: GithubState, { issue, user, ...comment }: Comment): Record<string, unknown> {
  const api = `${API}/repos/${settings.repository}/issues`;
  return {
    ...{ ...comment, node_id: nodeId("IC", comment.id), user: userBody(user.login, user.type) },
    ...{ url: `${api}/comments/${comment.id}`, issue_url: `${api}/${issue}`, author_association: "NONE" },
    html_url: `${WEB}/${settings.repository}/pull/${issue}#issuecomment-${comment.id}`,
  };
}

export const issueEventBody = (
  { settings }: GithubState,
  { id, event, label, actor }: IssueEvent & { readonly id: number },
): unknown => ({
  ...{ id, node_id: nodeId("LE", id), event, actor: userBody(actor), label: { name: label, color: "ededed" } },
  ...{ url: `${API}/repos/${settings.repository}/issues/events/${id}`, commit_id: null, commit_url: null },
  ...{ created_at: LONG_AGO, performed_via_github_app: null },
});
