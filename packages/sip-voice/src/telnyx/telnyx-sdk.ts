import { SipVoiceError } from "../errors.ts";

async function load<T>(importing: Promise<T>): Promise<T> {
  try {
    return await importing;
  } catch (cause) {
    throw new SipVoiceError("missing-package", "telnyx is not installed.", {
      field: "telnyx",
      remedy: "Install it beside @clinic/sip-voice: npm install telnyx",
      cause,
    });
  }
}

/** Loads Telnyx's official SDK, an optional peer dependency, on first use. */
export const loadTelnyx = (): Promise<typeof import("telnyx")> => load(import("telnyx"));

/** The part of it that proves webhooks, without the rest, which takes long to load. */
export const loadTelnyxWebhooks = (): Promise<typeof import("telnyx/lib/webhooks")> =>
  load(import("telnyx/lib/webhooks"));
