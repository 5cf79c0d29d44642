/** The storage behind artifacts: as much of Azure's block blobs as the toolkit uses. */
import { createHash, randomUUID } from "node:crypto";
import { type Answer, jsonAnswer } from "../local-server.ts";
import { type Call, type Route, route } from "../routes.ts";
import type { GithubState } from "./state.ts";

/** A new blob without content yet. */
export function createBlob(state: GithubState, contentType: string, content?: Buffer): string {
  const id = randomUUID();
  state.blobs.set(id, { signature: randomUUID(), content, contentType });
  return id;
}

/** The signed address of a blob. */
export const blobUrl = (state: GithubState, id: string, origin: string): string =>
  `${origin}/blob/${id}?sig=${state.blobs.get(id)?.signature ?? ""}`;

export const digestOf = (content: Buffer): string => `sha256:${createHash("sha256").update(content).digest("hex")}`;

/** Blocks wait here, by blob and block id, until a block list joins them. */
export function blobRoutes(state: GithubState): readonly Route[] {
  const blocks = new Map<string, Buffer>();
  return [
    route("PUT /blob/:id", (call) => {
      const id = call.param("id");
      const blob = state.blobs.get(id);
      if (blob === undefined || !signed(state, call)) return jsonAnswer(403, { message: "the signature is wrong" });
      const part = call.query.get("comp");
      if (part === "block") {
        blocks.set(`${id} ${call.query.get("blockid")}`, call.body);
        return created();
      }
      const ids = [...call.body.toString("utf8").matchAll(/<Latest>([^<]*)<\/Latest>/g)].map(([, block]) => block);
      blob.content =
        part === "blocklist"
          ? Buffer.concat(ids.map((one) => blocks.get(`${id} ${one}`) ?? Buffer.alloc(0)))
          : call.body;
      blob.contentType = String(call.headers["x-ms-blob-content-type"] ?? blob.contentType);
      return created();
    }),
    route("GET /blob/:id", (call) => {
      const blob = state.blobs.get(call.param("id"));
      if (blob?.content === undefined) return jsonAnswer(404, { message: "no such blob" });
      if (!signed(state, call)) return jsonAnswer(403, { message: "the signature is wrong" });
      const disposition = 'attachment; filename="artifact.zip"';
      const headers = { "content-type": blob.contentType, "content-disposition": disposition };
      return { status: 200, headers, body: blob.content };
    }),
  ];
}

const signed = (state: GithubState, call: Call): boolean =>
  call.query.get("sig") === state.blobs.get(call.param("id"))?.signature;

const created = (): Answer => ({
  status: 201,
  headers: {
    "x-ms-request-id": randomUUID(),
    "x-ms-version": "2025-01-05",
    "x-ms-request-server-encrypted": "true",
    etag: '"0x1"',
    "last-modified": new Date().toUTCString(),
  },
});
