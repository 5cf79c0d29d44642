import type { Deployments } from "../../ports.ts";
import type { SeenDeployment } from "../../target/deployment.ts";
import type { PreviewLook } from "../../target/preview.ts";
import { isJson, type Json, numberAt, textAt } from "./answer.ts";
import { type GithubClient, type GithubRefusal, type GithubReply, refusalOf } from "./client.ts";
import { type Env, seenDeployment } from "./event.ts";

/** Deployments of one commit whose states are asked for, the newest ones: each is a request of its own. */
const MOST_ASKED = 20;

export type DeploymentOptions = {
  readonly client: GithubClient;
  /** For GitHub's own host. */
  readonly env: Env;
  readonly offered: SeenDeployment | null;
};

/** GitHub's deployments, read with `deployments: read`. A refusal is an answer. */
export const githubDeployments = ({ client, env, offered }: DeploymentOptions): Deployments => ({
  offered,
  again: async (one) => {
    const statuses = await statusesOf(client, one.id ?? 0);
    if (!statuses.ok) return unread(statuses);
    const told = seenDeployment(
      { environment: one.environment, production_environment: one.production },
      newest(statuses.data),
      env,
    );
    return { kind: "seen", deployments: [{ ...told, id: one.id }] };
  },
  ofCommit: async (sha, wanted) => {
    const listed = await client.request("GET /deployments", { sha, per_page: 100 });
    if (!listed.ok) return unread(listed);
    const meant = items(listed.data)
      .filter(
        (item) => (textAt(item, "task") ?? "deploy").startsWith("deploy") && wanted(textAt(item, "environment") ?? ""),
      )
      .toSorted((a, b) => (numberAt(b, "id") ?? 0) - (numberAt(a, "id") ?? 0))
      .slice(0, MOST_ASKED);
    return await withStatuses(client, meant, env);
  },
});

const withStatuses = async (client: GithubClient, meant: readonly Json[], env: Env): Promise<PreviewLook> => {
  const replies = await Promise.all(meant.map((item) => statusesOf(client, numberAt(item, "id") ?? 0)));
  const failed = replies.find((reply) => !reply.ok);
  if (failed !== undefined && !failed.ok) return unread(failed);
  const deployments = meant.map((item, at) => {
    const reply = replies[at];
    return seenDeployment(item, reply?.ok ? newest(reply.data) : null, env);
  });
  return { kind: "seen", deployments };
};

const statusesOf = (client: GithubClient, id: number): Promise<GithubReply> =>
  client.request("GET /deployments/{id}/statuses", { id, per_page: 30 });

/** GitHub tells them newest first; ids say so by themselves. */
const newest = (data: unknown): Json | null =>
  items(data).toSorted((a, b) => (numberAt(b, "id") ?? 0) - (numberAt(a, "id") ?? 0))[0] ?? null;

const items = (data: unknown): readonly Json[] => (Array.isArray(data) ? data.filter(isJson) : []);

/** A missing right stays missing; a service that fails may work in a few seconds. */
const unread = (reply: GithubRefusal): PreviewLook => ({
  kind: "unread",
  reason: `The deployments of this commit could not be read: ${refusalOf(reply)}`,
  final: reply.status !== null && reply.status < 500 && reply.status !== 429,
});
