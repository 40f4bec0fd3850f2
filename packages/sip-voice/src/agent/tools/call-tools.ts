import type { voice } from "@livekit/agents";
import type { CallDirection } from "../../call/identifiers.ts";
import type { CallRecorder } from "../call/call-recorder.ts";
import type { ClinicCall } from "../call/clinic-call.ts";
import type { CallIdentity } from "../desk/identity.ts";
import type { SlotOffer } from "../desk/slot-offer.ts";
import { identityInstructions } from "../model/instructions.ts";
import { spokenTime } from "../speech/spoken-time.ts";
import { refusal, runTool } from "./tool-run.ts";

/** What the tools of a call need. */
export interface ToolOptions {
  readonly call: ClinicCall;
  readonly identity: CallIdentity;
  readonly offer: SlotOffer;
  readonly recorder: CallRecorder;
  readonly direction: CallDirection;
}

/** What a tool is run with. */
interface ToolCallContext {
  readonly ctx: voice.RunContext;
}

/** A patient's own appointment as it is told. */
interface ToldAppointment {
  readonly spoken: string;
  readonly provider: string;
  readonly location?: string;
}

/** The one way in which the tools of a call run, and say things. */
export class CallTools {
  /** What they need. */
  readonly options: ToolOptions;

  /** Makes the frame of one call's tools. */
  constructor(options: ToolOptions) {
    this.options = options;
  }

  /** A tool that any person on the line may have used. */
  open<Arguments, Result extends object>(name: string, work: (given: Arguments) => Promise<Result>) {
    return async (given: Arguments, { ctx }: ToolCallContext) =>
      await runTool(this.options.recorder, ctx, name, async () => {
        const { party } = this.options.call.state;
        // What a machine says is transcribed by the model, which may take it for a wish.
        if (party === "machine" || party === "screener")
          return refusal(
            "NobodyThere",
            "A machine is speaking, not the patient. Do nothing, and say nothing.",
          );
        return await work(given);
      });
  }

  /** A tool for the patient alone: until the call's state says that it is them, it does nothing and tells nothing. */
  own<Arguments, Result extends object>(name: string, work: (given: Arguments) => Promise<Result>) {
    return this.open(name, async (given: Arguments) =>
      this.options.call.state.identity === "proven" ? await work(given) : this.identityNeeded(),
    );
  }

  /** What is answered to somebody who is not known to be the patient. */
  identityNeeded() {
    const { call } = this.options;
    const { choices, takesCodes } = this.options.identity;
    return refusal(
      "IdentityNeeded",
      identityInstructions({ identity: call.state.identity, choices, takesCodes }),
    );
  }

  /** A time as it is said in the language of the call. */
  spoken({ start, timeZone }: { readonly start: string; readonly timeZone: string }): string {
    return spokenTime(start, timeZone, this.options.call.state.language);
  }

  /** What may be told of an appointment. */
  told(appointment: {
    readonly start: string;
    readonly timeZone: string;
    readonly provider: string;
    readonly location?: string;
  }): ToldAppointment {
    const { provider, location } = appointment;
    return { spoken: this.spoken(appointment), provider, ...(location === undefined ? {} : { location }) };
  }
}
