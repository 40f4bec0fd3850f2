import * as z from "zod/mini";
import { type PhoneNumber, tryPhoneNumber } from "../phone/phone-number.ts";

/** What a webhook of Telnyx says, as far as this package knows it. */
export type TelnyxEvent =
  /** Somebody sent a text message; `wants` when it is one of the carriers' key words (CTIA): no more messages, or messages again. */
  | {
      readonly type: "text-received";
      readonly at: string;
      readonly from: PhoneNumber;
      readonly wants: "stop" | "start" | undefined;
    }
  /** A text message has arrived, or will not. */
  | { readonly type: "text-delivered" | "text-failed"; readonly at: string; readonly messageId: string }
  /** A call of the trunk was answered, or ended; `sipStatus` where the far end gave one. */
  | { readonly type: "call-answered"; readonly at: string; readonly to: PhoneNumber }
  | {
      readonly type: "call-ended";
      readonly at: string;
      readonly to: PhoneNumber;
      readonly sipStatus: number | undefined;
    };

const address = z.looseObject({ phone_number: z.optional(z.string()), status: z.optional(z.string()) });

/** Source: developers.telnyx.com, webhooks of messaging and call control. */
const webhook = z.looseObject({
  data: z.looseObject({
    id: z.string(),
    event_type: z.string(),
    occurred_at: z.string(),
    payload: z.looseObject({
      id: z.optional(z.string()),
      text: z.optional(z.nullable(z.string())),
      direction: z.optional(z.string()),
      from: z.optional(z.union([z.string(), address])),
      to: z.optional(z.union([z.string(), z.array(address)])),
      sip_hangup_cause: z.optional(z.string()),
    }),
  }),
});

/** Words that carriers and Telnyx take for "no more messages" and for "messages again". */
const stopWords = [
  "stop",
  "stopall",
  "stop all",
  "unsubscribe",
  "cancel",
  "end",
  "quit",
  "optout",
  "opt out",
  "revoke",
];
const startWords = ["start", "unstop"];

function wantsOf(text: string): "stop" | "start" | undefined {
  const word = text
    .trim()
    .toLowerCase()
    .replace(/[.!"']+$/g, "");
  if (stopWords.includes(word)) return "stop";
  return startWords.includes(word) ? "start" : undefined;
}

type Payload = z.infer<typeof webhook>["data"]["payload"];

function calledNumber({ to }: Payload): PhoneNumber | undefined {
  // The number of a SIP address stands before its host.
  return typeof to === "string" ? tryPhoneNumber(to.replace(/^sips?:/, "").replace(/@.*$/, "")) : undefined;
}

function eventOf(type: string, at: string, payload: Payload): TelnyxEvent | undefined {
  const to = calledNumber(payload);
  const recipient = Array.isArray(payload.to) ? payload.to[0] : undefined;
  switch (type) {
    case "message.received": {
      const from = typeof payload.from === "object" ? tryPhoneNumber(payload.from.phone_number) : undefined;
      return from && { type: "text-received", at, from, wants: wantsOf(payload.text ?? "") };
    }
    case "message.finalized": {
      if (!payload.id) return undefined;
      const arrived = recipient?.status === "delivered";
      return { type: arrived ? "text-delivered" : "text-failed", at, messageId: payload.id };
    }
    case "call.answered":
      return to && { type: "call-answered", at, to };
    case "call.hangup": {
      const status = Number(payload.sip_hangup_cause);
      return to && { type: "call-ended", at, to, sipStatus: Number.isInteger(status) ? status : undefined };
    }
    default:
      return undefined;
  }
}

/**
 * The event of a proven webhook; none for what this package does not know.
 *
 * @throws when it has no shape of a webhook at all
 */
export function telnyxEventOf(body: unknown): {
  readonly id: string;
  readonly event: TelnyxEvent | undefined;
} {
  const { id, event_type, occurred_at, payload } = webhook.parse(body).data;
  return { id, event: eventOf(event_type, occurred_at, payload) };
}
