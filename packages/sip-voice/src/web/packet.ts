import type * as z from "zod/mini";

/** The bytes of a value, as the topics carry it. */
export function encodePacket(value: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(value));
}

/** Reads a packet of at most `longest` bytes; `undefined` when it has not the shape of the schema. */
export function decodePacket<Schema extends z.ZodMiniType>(
  schema: Schema,
  payload: Uint8Array,
  longest: number,
): z.output<Schema> | undefined {
  if (payload.byteLength > longest) return undefined;
  try {
    return schema.safeParse(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(payload))).data;
  } catch {
    // Not JSON, or not UTF-8: whoever reads from a network expects that.
    return undefined;
  }
}
