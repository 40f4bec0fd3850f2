import type { Slot } from "../../appointments/appointment.ts";
import type { CallRecordEvent } from "../../call/call-log.ts";
import type { CallId } from "../../call/identifiers.ts";
import type { Language } from "../../call/prompt.ts";
import { type Clock, pause } from "../../clock.ts";
import type { Logger } from "../../log/logger.ts";
import { type ClinicTap, parseClinicTap } from "../../web/tap.ts";
import { encodeClinicView, mostSlots, type ViewNotice } from "../../web/view.ts";
import type { CallRecorder } from "../call/call-recorder.ts";
import type { ClinicCall } from "../call/clinic-call.ts";
import type { AppointmentDesk } from "../desk/appointment-desk.ts";
import { slotSpan } from "../desk/slot-span.ts";
import { TapLimit } from "./tap-limit.ts";
import { clinicViewOf } from "./web-view.ts";

/** What a {@link WebPage} needs. */
export interface WebPageOptions {
  readonly callId: CallId;
  readonly clinicName: string;
  readonly languages: readonly Language[];
  readonly call: Pick<ClinicCall, "state" | "tap" | "chooseSlot" | "chooseLanguage" | "end">;
  readonly desk: Pick<AppointmentDesk, "appointment" | "lastOffer" | "openSlots">;
  readonly recorder: Pick<CallRecorder, "onEvent">;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Sends a packet to the page on the topic `clinic.view`. */
  readonly send: (packet: Uint8Array) => Promise<void>;
}

/** What a patient is told when a tap could not be carried out. */
const noticeOf: Readonly<Record<string, ViewNotice>> = {
  SlotTaken: "slot-taken",
  StoreUnavailable: "not-stored",
};

/** How long the last view may take to leave. */
const lastViewMs = 500;

/** The page of one call in the browser: shows it the call whenever that changes, and takes its taps. */
export class WebPage {
  readonly #o: WebPageOptions;
  readonly #limit: TapLimit;
  readonly #names = new Map<string, string>();
  readonly #offered = new Map<string, Slot>();
  readonly #stopListening: () => void;
  /** An offer on which the patient has decided. */
  #settledOffer: readonly Slot[] | undefined;
  #notice: ViewNotice | null = null;
  #sequence = 0;
  #shown = "";
  #isDue = false;
  #sent: Promise<void> = Promise.resolve();
  #toldOfLimit = false;

  /** Shows the call from now on. */
  constructor(options: WebPageOptions) {
    this.#o = options;
    this.#limit = new TapLimit(options.clock);
    this.#stopListening = options.recorder.onEvent((event) => this.#happened(event));
    this.#show();
  }

  /** Something came from the page on the topic `clinic.tap`. What is no tap, or comes too fast, has no effect. */
  receive(packet: Uint8Array): void {
    const { logger, callId, call } = this.#o;
    const tap = parseClinicTap(packet);
    if (!tap) {
      logger.warn({ callId, bytes: packet.byteLength }, "a malformed tap was ignored");
      return;
    }
    if (!this.#limit.take()) {
      if (!this.#toldOfLimit) logger.warn({ callId }, "taps come too fast, some are ignored");
      this.#toldOfLimit = true;
      return;
    }
    if (call.state.phase === "ended") return;
    logger.debug({ callId, tap: tap.tap }, "tap received");
    if (tap.tap !== "look") this.#notice = null;
    this.#act(tap);
    this.#show();
  }

  /** Shows how the call ended, and nothing after that. */
  async close(): Promise<void> {
    this.#stopListening();
    this.#show();
    await Promise.race([Promise.resolve().then(() => this.#sent), pause(this.#o.clock, lastViewMs)]);
  }

  #act(tap: ClinicTap): void {
    const { call, logger, callId } = this.#o;
    switch (tap.tap) {
      case "look":
        // The same view once more.
        this.#shown = "";
        break;
      case "choose-slot": {
        const slot = this.#offered.get(tap.slotId);
        if (slot) void call.chooseSlot(slot);
        else logger.warn({ callId }, "a slot that was not offered was tapped");
        break;
      }
      case "speak-language":
        if (this.#o.languages.includes(tap.language)) call.chooseLanguage(tap.language, "tap");
        break;
      case "end":
        void call.end("patient");
        break;
      default:
        call.tap(tap.tap);
    }
  }

  #happened(event: CallRecordEvent): void {
    if (event.type === "store" && event.via === "tap") this.#notice = noticeOf[event.result] ?? null;
    // What is not kept in the appointment's store, such as a wish to be called back, is known by what is said of it.
    if (event.type === "prompt" && event.prompt === "not-stored") this.#notice ??= "not-stored";
    if (event.type === "store") {
      const isKept = event.result === "kept";
      if (isKept) this.#settledOffer = this.#o.desk.lastOffer;
      const wantsAnotherTime = isKept && event.change === "request-reschedule";
      if (wantsAnotherTime || event.result === "SlotTaken") void this.#offer();
    }
    this.#show();
  }

  /** Looks for times to tap; the model goes on asking for a day, and may find others. */
  async #offer(): Promise<void> {
    const { desk, clock, logger, callId } = this.#o;
    try {
      const span = slotSpan({}, desk.appointment?.timeZone ?? "UTC", clock.now());
      const slots = await desk.openSlots(span);
      if (slots.length === 0) this.#notice = "no-slots";
    } catch (error) {
      logger.error({ error, callId }, "no slots could be looked for");
      this.#notice = "not-stored";
    }
    this.#show();
  }

  /** The slots to tap: what was offered last, until the patient has decided. */
  #slots(): { id: string; slot: Slot }[] {
    const { lastOffer } = this.#o.desk;
    if (lastOffer === this.#settledOffer) return [];
    return lastOffer.slice(0, mostSlots).map((slot) => {
      const id = this.#names.get(slot.id) ?? `slot-${this.#names.size + 1}`;
      this.#names.set(slot.id, id);
      this.#offered.set(id, slot);
      return { id, slot };
    });
  }

  /** Shows the call as it will be when everything that happens right now has happened. */
  #show(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      this.#sent = this.#sent.then(() => this.#send());
    });
  }

  async #send(): Promise<void> {
    const { call, desk, clinicName, languages, logger, callId, send } = this.#o;
    try {
      const source = {
        clinicName,
        languages,
        state: call.state,
        appointment: desk.appointment,
        slots: this.#slots(),
        notice: this.#notice,
      };
      const content = JSON.stringify(clinicViewOf(source, 0));
      if (content === this.#shown) return;
      this.#sequence += 1;
      await send(encodeClinicView(clinicViewOf(source, this.#sequence)));
      this.#shown = content;
    } catch (error) {
      logger.warn({ error, callId }, "the page could not be shown the call");
    }
  }
}
