import type { SignHeaders } from "../ports.ts";

/** The engine's signer, which is read from disk only where something is signed. */
export const signHeaders: SignHeaders = async (request, scope, keys) => {
  const { signer } = await import("../load/engine/signing/sign-request.ts");
  return await signer(scope, keys)(request, Date.now());
};
