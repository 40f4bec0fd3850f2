import { type CampaignEvent, type CampaignProgress, maskPhoneNumber } from "@clinic/sip-voice";
import { SingleBar } from "cli-progress";

/** Where progress is shown. */
export interface ProgressOutput {
  /** Whether it is a terminal; else plain lines are written. */
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

const clock = (ms: number): string => new Date(ms).toLocaleString();

const number = (count: number, noun: string): string => `${count} ${noun}`;

/** How far a campaign is, in one line. */
export function countsInWords({ waiting, calling, ended, outcomes }: CampaignProgress): string {
  const results = Object.entries(outcomes).map(([outcome, count]) => number(count, outcome));
  const review = ended["for-review"] > 0 ? [number(ended["for-review"], "for review")] : [];
  return [number(calling, "calling"), number(waiting, "waiting"), ...results, ...review].join(", ");
}

/** What an event says to people; `undefined` for one that is only counted. */
export function eventInWords(event: CampaignEvent): string | undefined {
  switch (event.type) {
    case "try-ended": {
      const { contact, end, try: made } = event;
      const { outcome, disposition, skipped, rules } = end.result;
      const why = skipped ?? rules?.join(", ") ?? (disposition === "none" ? undefined : disposition);
      const next = "notBefore" in end.next ? `, again from ${clock(end.next.notBefore)}` : "";
      const who = `${contact.listPlace ?? contact.id}  ${maskPhoneNumber(contact.phoneNumber)}`;
      return `${who}  try ${made.tryNumber}: ${outcome}${why ? ` (${why})` : ""}${next}`;
    }
    case "circuit":
      if (event.state.kind === "closed") return "All is well again: the campaign goes on.";
      if (event.state.kind === "trying") return "Trying one call.";
      return `${event.state.failures} failures in a row, the last: ${event.state.last}. Waiting until ${clock(event.state.until)}.`;
    case "trunk-full":
      return `The trunk is full: ${event.concurrency} at a time for now.`;
    case "state":
      return `The campaign is ${event.state}.`;
    case "nobody-due":
      return `Nobody may be called before ${clock(event.until)}.`;
    case "store":
      return event.isThere ? "The database is back." : "The database does not answer; waiting for it.";
    default:
      return undefined;
  }
}

/** Shows a campaign's progress: a bar with live counts and the calls in flight on a terminal, plain lines elsewhere. */
export class ProgressView {
  readonly #output: ProgressOutput;
  readonly #bar: SingleBar | undefined;
  readonly #inFlight = new Map<string, string>();
  #progress: CampaignProgress | undefined;

  constructor(output: ProgressOutput) {
    this.#output = output;
    if (output.isTTY) {
      const format = "{bar} {value}/{total}  {counts}{calls}";
      const stream = output as NodeJS.WritableStream;
      this.#bar = new SingleBar({ format, stream, barsize: 20, hideCursor: true, linewrap: true });
    }
  }

  /** Takes the counts of the store. */
  count(progress: CampaignProgress): void {
    const { contacts, waiting, calling } = progress;
    if (!this.#progress) this.#bar?.start(contacts, 0, { counts: "", calls: "" });
    this.#progress = progress;
    this.#bar?.setTotal(contacts);
    this.#bar?.update(contacts - waiting - calling, this.#payload());
  }

  /** Takes an event of the run. */
  take(event: CampaignEvent): void {
    if (event.type === "try-began")
      this.#inFlight.set(event.attemptId, `${event.contact.listPlace ?? event.contact.id} ringing`);
    const attemptId =
      "try" in event ? `${event.try.campaignId}:${event.try.contactId}:${event.try.tryNumber}` : undefined;
    if (event.type === "answered" && attemptId !== undefined) {
      const shown = this.#inFlight.get(attemptId) ?? "";
      this.#inFlight.set(attemptId, shown.replace(/ ringing$/, " talking"));
    }
    if (event.type === "try-ended" && attemptId !== undefined) this.#inFlight.delete(attemptId);
    const words = eventInWords(event);
    if (words !== undefined) this.say(words);
    this.#bar?.update(this.#payload());
  }

  /** Writes a line, above the bar where there is one. */
  say(line: string): void {
    if (!this.#bar?.isActive) {
      this.#output.write(`${line}\n`);
      return;
    }
    this.#output.write(`\r\u001b[K${line}\n`);
    this.#bar.render();
  }

  /** Leaves the bar as it is and begins a new line. */
  stop(): void {
    this.#bar?.stop();
  }

  #payload() {
    const calls = [...this.#inFlight.values()];
    return {
      counts: this.#progress ? countsInWords(this.#progress) : "",
      calls: calls.length > 0 ? `  [${calls.join(", ")}]` : "",
    };
  }
}
