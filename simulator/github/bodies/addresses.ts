/** Where the simulated objects say they live: on GitHub's own hosts, whatever port the simulator has. */
export const API = "https://api.github.com";
export const WEB = "https://github.com";

/** A moment before everything else in the simulated repository. */
export const LONG_AGO = "2026-01-01T00:00:00Z";

/** GraphQL's name of an object; its form is not documented, only that it is a text. */
export const nodeId = (kind: string, id: number | string): string => Buffer.from(`${kind}:${id}`).toString("base64url");
