import dns from "node:dns";
import type { LookupFunction } from "node:net";
import { refusedAddress } from "../../load/refused-address.ts";

/** The system's look-up; a name that leads to an address to which nothing may be sent fails with `onRefused` called. */
export const checkedLookup =
  (onRefused: (text: string) => void): LookupFunction =>
  (hostname, options, callback) => {
    dns.lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, []);
        return;
      }
      const refused = refusedAddress(addresses.map(({ address }) => address));
      const [first] = addresses;
      if (refused !== null) {
        const text = `${hostname} leads to ${refused.address}, ${refused.what}`;
        onRefused(text);
        callback(new Error(text), []);
      } else if (options.all === true || first === undefined) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
