/** What a simulated telephone does when it is rung. */
export type TelephoneBehaviour =
  /** Rings for `afterMs`, then is picked up. */
  | { readonly kind: "answers"; readonly afterMs: number }
  /**
   * Rings and is picked up, but the connection of the API request that dialled is destroyed at that moment: the
   * dialler does not learn that there is a call. A transfer to it happens although its request "timed out".
   */
  | { readonly kind: "answers-but-response-lost"; readonly afterMs: number }
  /** 486 Busy Here, at once. */
  | { readonly kind: "busy" }
  /** 603 Decline: at once, or after having rung for `afterMs`. */
  | { readonly kind: "declines"; readonly afterMs?: number }
  /** Rings until the dialler gives up. */
  | { readonly kind: "does-not-answer" }
  /** Any other final SIP response, at once or after having rung for `afterMs`. */
  | {
      readonly kind: "sip-error";
      readonly status: number;
      readonly reason: string;
      readonly afterMs?: number;
    };

/** A final SIP response that is not a success. */
export interface SipRefusal {
  /** SIP status, such as 486. */
  readonly status: number;
  /** Reason phrase, such as `Busy Here`. */
  readonly reason: string;
}

/** What a telephone's answer to an INVITE comes to: picked up, refused, or nothing; after ringing for some time. */
export type RingPlan =
  | { readonly result: "picked-up"; readonly ringsForMs: number; readonly responseLost: boolean }
  | { readonly result: "refused"; readonly ringsForMs: number; readonly refusal: SipRefusal }
  | { readonly result: "nothing" };

/** Translates a behaviour into what happens on the wire. */
export function ringPlan(behaviour: TelephoneBehaviour): RingPlan {
  switch (behaviour.kind) {
    case "answers":
      return { result: "picked-up", ringsForMs: behaviour.afterMs, responseLost: false };
    case "answers-but-response-lost":
      return { result: "picked-up", ringsForMs: behaviour.afterMs, responseLost: true };
    case "busy":
      return { result: "refused", ringsForMs: 0, refusal: { status: 486, reason: "Busy Here" } };
    case "declines":
      return {
        result: "refused",
        ringsForMs: behaviour.afterMs ?? 0,
        refusal: { status: 603, reason: "Decline" },
      };
    case "does-not-answer":
      return { result: "nothing" };
    case "sip-error":
      return {
        result: "refused",
        ringsForMs: behaviour.afterMs ?? 0,
        refusal: { status: behaviour.status, reason: behaviour.reason },
      };
  }
}
