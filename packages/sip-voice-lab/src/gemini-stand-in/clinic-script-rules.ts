import type { ClinicToolNames } from "./clinic-tool-names.ts";
import type { ScriptCall, ScriptContext, ScriptRule, ScriptTrigger } from "./script.ts";

type Spoken = Extract<ScriptTrigger, { utterance: unknown }>["utterance"];

const notKept = "I am sorry, I could not save that. Press zero to speak to a person.";

/** A wish that a tool keeps: what is said when it did, and when it did not. */
function wish(
  utterance: Spoken,
  tool: string,
  kept: string,
  args?: ScriptCall["args"],
): readonly ScriptRule[] {
  return [
    { when: { utterance }, call: { tool, ...(args ? { args } : {}) } },
    { when: { toolResult: tool, if: (context) => isKept(context, tool) }, say: kept },
    { when: { toolResult: tool }, say: notKept },
  ];
}

/** What callers wish besides their appointment's time. */
export function wishRules(tools: ClinicToolNames): readonly ScriptRule[] {
  return [
    ...wish("call-back", tools.requestCallBack, "Somebody of the clinic will call you back. Anything else?"),
    ...wish("opt-out", tools.optOut, "This number will not be called again. Goodbye."),
    ...wish("wrong-number", tools.wrongNumber, "I am sorry. This number will not be called again. Goodbye."),
    ...wish("not-here", tools.patientNotHere, "Then the clinic will try another time. Goodbye."),
    ...wish("walk-in", tools.preferWalkIn, "Noted, you would come at short notice. Anything else?", () => ({
      walkIn: true,
    })),
    ...wish(
      "reminder",
      tools.preferReminder,
      "You will get a message the day before. Anything else?",
      () => ({
        channel: "sms",
        hoursBefore: 24,
      }),
    ),
    ...wish("speak-arabic", tools.speakLanguage, "حسناً، نتحدث العربية الآن.", () => ({ language: "ar-XA" })),
  ];
}

const born = { "born-1984": "1984-03-07", "born-1990": "1990-05-01" } as const;

/** How callers show who they are, and what the model says while it does not know. */
export function identityRules(tools: ClinicToolNames): readonly ScriptRule[] {
  const dateOfBirth = ({ utterance }: ScriptContext): string =>
    born[(utterance?.key ?? "") as keyof typeof born] ?? born["born-1984"];
  const checks = [tools.verifyDateOfBirth, tools.verifyConfirmationCode, tools.choosePatient];
  return [
    {
      when: { utterance: ["born-1984", "born-1990"] },
      call: { tool: tools.verifyDateOfBirth, args: (context) => ({ dateOfBirth: dateOfBirth(context) }) },
    },
    {
      when: { utterance: "confirmation-code" },
      call: {
        tool: tools.verifyConfirmationCode,
        args: () => ({ confirmationCode: "4711", dateOfBirth: born["born-1984"] }),
      },
    },
    {
      when: { utterance: ["first-of-us", "second-of-us"] },
      call: {
        tool: tools.choosePatient,
        args: ({ utterance }) => ({ patient: utterance?.key === "first-of-us" ? 1 : 2 }),
      },
    },
    {
      when: { utterance: "later-appointment" },
      call: { tool: tools.chooseAppointment, args: () => ({ appointment: 2 }) },
    },
    {
      when: {
        toolResult: tools.chooseAppointment,
        if: (context) => isKept(context, tools.chooseAppointment),
      },
      say: "All right, it is about that one. How can I help you?",
    },
    ...checks.map(
      (tool): ScriptRule => ({
        when: {
          toolResult: tool,
          if: (context) => isKept(context, tool) && nameIn(context, tool) !== undefined,
        },
        say: (context) => `Thank you, ${nameIn(context, tool)}. How can I help you?`,
      }),
    ),
    ...checks.map(
      (tool): ScriptRule => ({
        when: { toolResult: tool, if: (context) => isKept(context, tool) },
        say: "Thank you. For whom of you is it?",
      }),
    ),
    ...[...checks, tools.chooseAppointment].map(
      (tool): ScriptRule => ({
        when: { toolResult: tool },
        say: "I am sorry, that does not match.",
      }),
    ),
    {
      when: { instruction: /several patients share/i },
      say: "Is it about somebody in the household? Who is it?",
    },
    {
      when: { instruction: /ask the caller for their date of birth/i },
      say: "Please tell me your date of birth.",
    },
    {
      when: { instruction: /confirmation code of their appointment/i },
      say: "Do you have a confirmation code?",
    },
  ];
}

function nameIn(context: ScriptContext, tool: string): string | undefined {
  return (context.toolResults.get(tool) as { patientName?: string } | undefined)?.patientName;
}

function isKept(context: ScriptContext, tool: string): boolean {
  return (context.toolResults.get(tool) as { ok?: boolean } | undefined)?.ok === true;
}
