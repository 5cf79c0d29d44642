import type { KeyChain } from "../../ports.ts";
import { awsRead } from "./aws-call.ts";

/**
 * The credentials of the SDK's default chain. The chain is made anew for each call: one that lives on hands out what it has
 * kept until shortly before it expires, and who asks wants newer ones.
 */
export const readKeys =
  (region: string | null): KeyChain =>
  () =>
    awsRead({
      service: "AWS",
      action: "its credentials",
      ask: async () => {
        const { defaultProvider } = await import("@aws-sdk/credential-provider-node");
        const chain = defaultProvider(region === null ? {} : { clientConfig: { region } });
        const { accessKeyId, secretAccessKey, sessionToken, expiration } = await chain();
        return {
          accessKeyId,
          secretAccessKey,
          sessionToken: sessionToken ?? null,
          expiresAt: expiration?.getTime() ?? null,
        };
      },
    });
