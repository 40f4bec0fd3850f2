/** `pnpm list-sip-trunks [--json]`: the trunks of a LiveKit project, with the ids for `.env.sip`. */
import { showListing } from "./livekit-sip.ts";

interface TrunkRow {
  readonly variable: "INBOUND_TRUNK_ID" | "OUTBOUND_TRUNK_ID";
  readonly id: string;
  readonly name: string;
  readonly numbers: readonly string[];
  /** The carrier's address, of an outbound trunk. */
  readonly address?: string;
  /** Who may call in through an inbound trunk: addresses, or a name and password. */
  readonly opensTo?: readonly string[];
}

process.exitCode = await showListing<TrunkRow>({
  about:
    "Lists the SIP trunks of a LiveKit project, with the ids that .env.sip wants. Passwords are not shown.",
  whenEmpty: "This LiveKit project has no SIP trunk.",
  async list(client) {
    const [inbound, outbound] = await Promise.all([
      client.listSipInboundTrunk(),
      client.listSipOutboundTrunk(),
    ]);
    return [
      ...inbound.map(({ sipTrunkId: id, name, numbers, allowedAddresses, authUsername }) => {
        const opensTo = authUsername ? [...allowedAddresses, "password"] : allowedAddresses;
        return { variable: "INBOUND_TRUNK_ID" as const, id, name, numbers, opensTo };
      }),
      ...outbound.map(({ sipTrunkId: id, name, numbers, address }) => {
        return { variable: "OUTBOUND_TRUNK_ID" as const, id, name, numbers, address };
      }),
    ];
  },
  cells: ({ variable, id, name, numbers, address, opensTo }) => ({
    variable,
    id,
    name,
    numbers: numbers.join(", "),
    "address or who may call in": address ?? (opensTo?.length ? opensTo.join(", ") : "anybody"),
  }),
});
