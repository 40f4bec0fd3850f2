import type { Language } from "../../call/prompt.ts";
import type { CallJobOptions } from "../call/call-job-options.ts";
import type { OpenCall } from "../call/open-call.ts";
import { WebData } from "./web-data.ts";
import { WebPage } from "./web-page.ts";

/** What {@link showCallPage} needs. */
export interface CallPageOptions extends CallJobOptions {
  readonly open: OpenCall;
  /** The visitor to whom the call is shown. */
  readonly identity: string;
  /** Settles when it was looked up what the call is about. */
  readonly found: Promise<unknown>;
}

/** Shows a call on its visitor's page from now on; taps, like keys, wait for the appointment that they are about. */
export function showCallPage(parts: CallPageOptions): WebPage {
  const { clock, ctx, found, identity, logger, open, options } = parts;
  const data = new WebData(ctx.room, identity);
  const page = new WebPage({
    callId: open.callId,
    clinicName: options.clinic.name,
    languages: Object.keys(options.clinic.prompts) as Language[],
    call: open.call,
    desk: open.call.desk,
    recorder: open.recorder,
    clock,
    logger,
    send: (packet) => data.send(packet),
  });
  data.onTap((packet) => void found.then(() => page.receive(packet)));
  return page;
}
