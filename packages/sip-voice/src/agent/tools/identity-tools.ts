import { llm } from "@livekit/agents";
import * as z from "zod";
import type { IdentityResult } from "../desk/identity.ts";
import type { CallTools } from "./call-tools.ts";
import { refusal } from "./tool-run.ts";

/** The tools that find out who is on the line. What they compare with, the model never learns. */
export function identityTools(tools: CallTools) {
  const { call, identity } = tools.options;

  /** What may be told now that the caller is known. */
  function known() {
    const { appointment } = call.desk;
    if (!appointment) return tools.identityNeeded();
    return { ok: true, patientName: appointment.patient.name, ...tools.told(appointment) };
  }

  function answer(result: IdentityResult) {
    switch (result) {
      case "proven":
        return known();
      case "choose":
        return { ok: true, tell: tools.identityNeeded().tell };
      case "unreadable":
        return refusal(
          "IdentityNeeded",
          "That can't be read. Ask for it once more, the date with day, month and year.",
        );
      case "wrong":
        return refusal("IdentityNeeded", "It does not match. Say only that, and ask once more.");
      case "refused":
        return tools.identityNeeded();
    }
  }

  return {
    verifyDateOfBirth: llm.tool({
      description:
        "Checks the date of birth that the caller said. Use it only with a date that the caller gave in this call; never guess one.",
      parameters: z.object({ dateOfBirth: z.string().describe("As in 1984-03-07") }),
      execute: tools.open("verifyDateOfBirth", async ({ dateOfBirth }: { dateOfBirth: string }) => {
        return answer(await identity.giveDateOfBirth(dateOfBirth, "voice"));
      }),
    }),
    verifyConfirmationCode: llm.tool({
      description:
        "Checks the confirmation code and the date of birth that a caller with a hidden number said. Never guess them.",
      parameters: z.object({
        confirmationCode: z.string().describe("Digits only"),
        dateOfBirth: z.string().describe("As in 1984-03-07"),
      }),
      execute: tools.open(
        "verifyConfirmationCode",
        async ({ confirmationCode, dateOfBirth }: { confirmationCode: string; dateOfBirth: string }) =>
          answer(await identity.giveCode(confirmationCode, dateOfBirth, "voice")),
      ),
    }),
    choosePatient: llm.tool({
      description:
        "Tells which of the patients on this number the call is about, after the caller said their first name.",
      parameters: z.object({ patient: z.number().int().describe("The number that stands before the name") }),
      execute: tools.open("choosePatient", async ({ patient }: { patient: number }) =>
        identity.choosePatient(patient) ? known() : tools.identityNeeded(),
      ),
    }),
  };
}
