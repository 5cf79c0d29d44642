/** Which right of a job's token each call needs, from GitHub's list of permissions for fine-grained tokens and apps. */
import type { Exchange } from "../../simulator/github/exchanges.ts";

type Right = `${string}: ${"read" | "write"}` | null;

/** The first that fits; `null` needs no right that a workflow could name (metadata, one's own account). */
const RIGHTS: readonly (readonly [RegExp, Right])[] = [
  [/^GET \/user$/, null],
  [/^GET \/collaborators\/[^/]+\/permission$/, null],
  [/^GET \/commits\/[^/]+\/pulls$/, "pull-requests: read"],
  [/^GET \/(commits|compare)(\/|$)/, "contents: read"],
  [/^GET \/actions\//, "actions: read"],
  [/^GET \/deployments(\/|$)/, "deployments: read"],
  [/^POST \/statuses\//, "statuses: write"],
  [/^GET \/(pulls|issues)(\/|$)/, "pull-requests: read"],
  [/^(POST|PATCH|DELETE) \/issues\/(\d+\/comments|comments\/\d+)$/, "pull-requests: write"],
];

/** The rights that these calls needed, each once. */
export const rightsFor = (exchanges: readonly Exchange[]): readonly string[] => [
  ...new Set(
    exchanges.flatMap(({ method, path }) => {
      const call = `${method} ${path.split("?")[0]?.replace(/^\/repos\/[^/]+\/[^/]+/, "")}`;
      const found = RIGHTS.find(([pattern]) => pattern.test(call));
      if (found === undefined) throw new Error(`which right ${call} needs is not known here`);
      return found[1] === null ? [] : [found[1]];
    }),
  ),
];

/** Whether a token with these permissions may do what the right is for; who may write may read. */
export const covers = (permissions: Readonly<Record<string, string>>, right: string): boolean => {
  const [name = "", level] = right.split(": ");
  return permissions[name] === "write" || permissions[name] === level;
};
