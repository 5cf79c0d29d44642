import { deploymentUrl, type SeenDeployment } from "../../target/deployment.ts";
import { field, type Json, jsonAt, textAt } from "./answer.ts";

/**
 * The deployment that a `repository_dispatch` tells of, in the payload that Vercel sends
 * (vercel/repository-dispatch: `{ environment, git, id, project, state: { type }, url }`, types `vercel.deployment.*`), and
 * which any other sender may use: `client_payload.url` is enough.
 */
export const offeredByDispatch = (action: string | null, payload: Json | null): SeenDeployment | null => {
  const url = deploymentUrl({ environmentUrl: textAt(payload, "url"), targetUrl: null, githubHost: "" });
  const environment = environmentOf(payload);
  if (url === null && environment === null) return null;
  const word = action?.startsWith(VERCEL)
    ? action.slice(VERCEL.length)
    : (textAt(jsonAt(payload, "state"), "type") ?? "success");
  return {
    id: null,
    environment: environment ?? "",
    production: field(payload, "production_environment") === true,
    state: STATES[word.toLowerCase()] ?? "pending",
    url,
    description: null,
  };
};

const VERCEL = "vercel.deployment.";

/** Vercel says `{ environment: "preview" }` or the name itself. */
const environmentOf = (payload: Json | null): string | null =>
  textAt(payload, "environment") ?? textAt(jsonAt(payload, "environment"), "name");

/** `ready` is built, `success` is built and promoted. */
const STATES: Readonly<Record<string, string>> = {
  success: "success",
  ready: "success",
  promoted: "success",
  error: "error",
  failed: "failure",
  canceled: "failure",
  ignored: "inactive",
  skipped: "inactive",
  pending: "pending",
};
