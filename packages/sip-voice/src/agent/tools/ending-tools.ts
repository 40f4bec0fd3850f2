import { llm } from "@livekit/agents";
import * as z from "zod";
import type { Language } from "../../call/prompt.ts";
import { languageInstructions } from "../model/instructions.ts";
import type { CallTools } from "./call-tools.ts";
import { refusal } from "./tool-run.ts";

/** The tools that anybody on the line may have used: they tell nothing of a patient. */
export function endingTools(tools: CallTools) {
  const { call } = tools.options;
  return {
    requestCallBack: llm.tool({
      description: "Notes that a person of the clinic is to call this number back.",
      execute: tools.open("requestCallBack", async () =>
        (await call.requestCallBack("voice"))
          ? { ok: true, tell: "Say that somebody of the clinic will call back." }
          : refusal("NotKept", "It could not be noted. Say so, and offer the operator."),
      ),
    }),
    optOut: llm.tool({
      description:
        "Stops all calls to this number, when the person clearly says that they want no more calls. It ends the call.",
      execute: tools.open("optOut", async () =>
        (await call.optOut("voice"))
          ? { ok: true, tell: "Say in one short sentence that this number is not called again, and goodbye." }
          : refusal("NotKept", "It could not be saved. Say so, and offer the operator or key 9."),
      ),
    }),
    transferToOperator: llm.tool({
      description:
        "Connects the patient with a person at the clinic, when they ask for one or you can't help.",
      execute: tools.open("transferToOperator", async () => {
        call.askForOperator();
        return {
          ok: true,
          tell: "Tell the patient in one short sentence that you are connecting them now.",
        };
      }),
    }),
    speakLanguage: llm.tool({
      description: "Goes on in another language, when the patient speaks it or asks for it.",
      parameters: z.object({ language: z.enum(["en-US", "ar-XA"]) }),
      execute: tools.open("speakLanguage", async ({ language }: { language: Language }) => {
        call.chooseLanguage(language, "voice");
        return { ok: true, tell: languageInstructions(language) };
      }),
    }),
    endCall: llm.tool({
      description: "Ends the call, when the patient has said goodbye or needs nothing more.",
      execute: tools.open("endCall", async () => {
        // Not awaited: a tool that waits for speech would wait for its own reply.
        void call.endWhenQuiet();
        return { ok: true, tell: "Say goodbye in one short sentence." };
      }),
    }),
  };
}

/** The tools for whoever answers a call of ours and is not the patient. Somebody who calls us has dialled the right number. */
export function answererTools(tools: CallTools) {
  const { call, identity } = tools.options;
  return {
    patientNotHere: llm.tool({
      description:
        "Use it when whoever answered is not the patient, or the patient can't come to the telephone.",
      execute: tools.open("patientNotHere", async () => {
        identity.patientIsAbsent();
        call.patientAbsent();
        return {
          ok: true,
          tell:
            "Do not say what the call is about, nor anything of the patient. Say only that the clinic will try again another time, " +
            "or offer that they call the clinic back. Leave no message. Then say goodbye and use endCall.",
        };
      }),
    }),
    wrongNumber: llm.tool({
      description:
        "Use it when whoever answered does not know the patient. This number is never called again.",
      execute: tools.open("wrongNumber", async () => {
        identity.patientIsAbsent();
        call.patientAbsent();
        return (await call.wrongNumber("voice"))
          ? {
              ok: true,
              tell: "Say in one short sentence that you are sorry and will not call this number again.",
            }
          : refusal(
              "NotKept",
              "It could not be saved. Say that you are sorry, and name key 9 for no more calls.",
            );
      }),
    }),
  };
}
