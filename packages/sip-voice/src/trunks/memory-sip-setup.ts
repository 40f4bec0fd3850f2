import { canonicalForm, type Json } from "./canonical-form.ts";
import type { LiveSipResource, SipListing, SipResourceKind } from "./sip-resource.ts";
import { type SipResource, type SipSetup, sipSetupFailures } from "./sip-setup.ts";

/** A {@link SipSetup} in memory, for tests and for trying a plan out. */
export interface MemorySipSetup extends SipSetup {
  /** What was changed, oldest first, as in `create inbound-trunk`. */
  readonly changes: readonly string[];
}

/**
 * Makes a {@link SipSetup} in memory.
 *
 * @example
 * ```ts
 * import { applySipPlan, memorySipSetup, planSipSetup } from "@clinic/sip-voice/trunks";
 *
 * const setup = memorySipSetup();
 * const listed = await setup.list();
 * const config = { "inbound-trunk": { name: "clinic", numbers: ["+15105550100"] } };
 * if (listed.ok) console.log((await applySipPlan(setup, planSipSetup(config, listed.value, {}))).outcome); // applied
 * ```
 */
export function memorySipSetup(): MemorySipSetup {
  const kept = new Map<string, { readonly kind: SipResourceKind; readonly live: LiveSipResource }>();
  const changes: string[] = [];
  const keep = (id: string, { kind, resource }: SipResource) => {
    const live = { id, resource: canonicalForm(resource as Json) } as unknown as LiveSipResource;
    kept.set(id, { kind, live });
    return { ok: true, value: live } as const;
  };
  const gone = { ok: false, failure: sipSetupFailures.gone } as const;
  let sequence = 0;
  return {
    changes,
    async list() {
      const of = (kind: SipResourceKind): LiveSipResource[] =>
        [...kept.values()].filter((one) => one.kind === kind).map(({ live }) => live);
      const value = {
        inboundTrunks: of("inbound-trunk"),
        outboundTrunks: of("outbound-trunk"),
        dispatchRules: of("dispatch-rule"),
      } as unknown as SipListing;
      return { ok: true, value };
    },
    async create(wanted) {
      changes.push(`create ${wanted.kind}`);
      sequence += 1;
      return keep(`${wanted.kind === "dispatch-rule" ? "SDR" : "ST"}_memory${sequence}`, wanted);
    },
    async replace(id, wanted) {
      if (!kept.has(id)) return gone;
      changes.push(`replace ${wanted.kind}`);
      return keep(id, wanted);
    },
    async remove(kind, id) {
      if (!kept.delete(id)) return gone;
      changes.push(`remove ${kind}`);
      return { ok: true, value: undefined };
    },
  };
}
