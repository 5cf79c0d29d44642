/** Whose token it is, by both interfaces: REST tells persons only, GraphQL apps too. */
import { type Answer, jsonAnswer, parseJson } from "../local-server.ts";
import { type Call, type Route, route } from "../routes.ts";
import { accountBody } from "./bodies/user-body.ts";
import type { GithubState } from "./state.ts";

export const identityRoutes = (state: GithubState): readonly Route[] => [
  route("GET /user", () => {
    const { login, type } = state.author();
    return type === "Bot"
      ? jsonAnswer(403, { message: "Resource not accessible by integration", status: "403" })
      : jsonAnswer(200, accountBody(login));
  }),
  route("POST /graphql", (call) => graphql(state, call)),
];

const VIEWER = /^(query(\s+\w+)?\s*)?\{\s*viewer\s*\{\s*login\s*\}\s*\}$/;

/** One query of the whole interface; any other is answered as GitHub answers what its schema does not know. */
function graphql(state: GithubState, call: Call): Answer {
  if (call.headers.authorization === undefined)
    return jsonAnswer(401, { message: "This endpoint requires you to be authenticated.", status: "401" });
  const { query } = parseJson(call.body) as { readonly query?: unknown };
  if (typeof query !== "string") return jsonAnswer(400, { message: "A query attribute must be specified" });
  if (VIEWER.test(query.trim())) return jsonAnswer(200, { data: { viewer: { login: state.author().login } } });
  return jsonAnswer(200, { errors: [{ message: "this GitHub knows query { viewer { login } } only" }] });
}
