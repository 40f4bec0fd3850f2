import { release } from "node:os";
import { liveKitRoomGateway } from "@clinic/sip-voice/livekit";
import { planSipSetup } from "@clinic/sip-voice/trunks";
import type { CommandHost, SharedOptions } from "../command-host.ts";
import { type DoctorStep, unchecked } from "../doctor/doctor-step.ts";
import { accessSteps, reachSteps } from "../doctor/livekit-steps.ts";
import {
  probeAgent,
  probeDatabase,
  probeDns,
  probeGemini,
  probeLiveKit,
  probeTelnyx,
} from "../doctor/probe.ts";
import { databaseStep, geminiStep, telnyxSteps } from "../doctor/service-steps.ts";
import { agentStep, fileSteps, planSteps, routeSteps } from "../doctor/sip-steps.ts";
import { variableSteps } from "../doctor/variable-steps.ts";
import type { ExitCode } from "../exit-code.ts";
import type { Project } from "../project.ts";

const agentPatienceMs = 15_000;

/** Adds `doctor`. */
export function doctorCommand({ program, does }: CommandHost): void {
  does(
    program
      .command("doctor")
      .description("look at everything from the environment to a ringing telephone, and say what to do")
      .option("--agent-patience <seconds>", "how long to wait for the agent", "15"),
    doctor,
  );
}

async function doctor(
  project: Project,
  _args: readonly string[],
  options: SharedOptions & { readonly agentPatience?: string },
): Promise<ExitCode> {
  const patienceMs = Number(options.agentPatience) * 1000 || agentPatienceMs;
  const steps: DoctorStep[] = [];
  const note = (...found: readonly DoctorStep[]): boolean => {
    steps.push(...found);
    if (!project.json) for (const step of found) project.out(`${stepText(step)}\n`);
    return found.every(({ state }) => state !== "error");
  };
  const { variables } = project;
  note(...variableSteps(variables));
  const { reading, findings } = await project.sipConfig();
  const present = Object.keys(reading.config).length > 0 || findings.length > 0;
  const unset = findings.filter(({ rule }) => rule !== "unset-variable");
  const sound = note(...fileSteps(unset, present)) && unset.length === findings.length;
  await lookAtLiveKit(project, { sound, present, patienceMs }, note);
  if (variables.GOOGLE_API_KEY)
    note(
      geminiStep(
        await probeGemini(
          variables.GOOGLE_GEMINI_BASE_URL ?? "https://generativelanguage.googleapis.com",
          variables.GOOGLE_API_KEY,
        ),
      ),
    );
  else note(unchecked("gemini", "There is no GOOGLE_API_KEY to try."));
  note(...(await lookAtTelnyx(variables)));
  if (variables.SIP_VOICE_DB) note(databaseStep(probeDatabase(project.folder, variables.SIP_VOICE_DB)));
  const errors = steps.filter(({ state }) => state === "error");
  project.show({ steps, first: errors[0], summary: summaryOf(steps) }, `\n${summaryOf(steps)}`);
  return errors.length > 0 ? 1 : 0;
}

async function lookAtLiveKit(
  project: Project,
  {
    sound,
    present,
    patienceMs,
  }: { readonly sound: boolean; readonly present: boolean; readonly patienceMs: number },
  note: (...found: readonly DoctorStep[]) => boolean,
): Promise<void> {
  const { variables, agentName } = project;
  const reachable = variables.LIVEKIT_URL && variables.LIVEKIT_API_KEY && variables.LIVEKIT_API_SECRET;
  if (!reachable || variableSteps(variables).some(({ found }) => found.startsWith("LIVEKIT_")))
    return void note(unchecked("livekit", "LiveKit can't be asked without its variables."));
  if (!note(...reachSteps(await probeLiveKit(variables.LIVEKIT_URL ?? "")))) return;
  const listed = await (await project.sipSetup()).list();
  if (!note(...accessSteps(listed)) || !listed.ok) return;
  if (present && sound)
    note(...planSteps(planSipSetup((await project.sipConfig()).reading.config, listed.value, project.known)));
  else note(unchecked("trunks", "The files do not say what the trunks should be."));
  if (variables.TELNYX_PHONE_NUMBER) note(routeSteps(variables.TELNYX_PHONE_NUMBER, listed.value, agentName));
  const rooms = await liveKitRoomGateway(project.connection());
  note(agentStep(await probeAgent(rooms, agentName, patienceMs), agentName));
}

async function lookAtTelnyx(variables: Project["variables"]): Promise<readonly DoctorStep[]> {
  const {
    TELNYX_SIP_SERVER,
    TELNYX_API_KEY,
    TELNYX_PHONE_NUMBER,
    LIVEKIT_URL = "",
    LIVEKIT_SIP_URI,
  } = variables;
  // A server on this machine is the lab's: there is no carrier behind it.
  const lab = /^wss?:\/\/(127[.]|localhost|\[::1\])/.test(LIVEKIT_URL);
  const base = variables.TELNYX_API_URL ?? "https://api.telnyx.com";
  if (lab && !TELNYX_API_KEY)
    return [unchecked("telnyx", "LIVEKIT_URL is on this machine: there is no carrier to look at.")];
  return telnyxSteps({
    dns: lab || !TELNYX_SIP_SERVER ? undefined : await probeDns(TELNYX_SIP_SERVER),
    account:
      TELNYX_API_KEY && TELNYX_PHONE_NUMBER
        ? await probeTelnyx(base, TELNYX_API_KEY, TELNYX_PHONE_NUMBER)
        : undefined,
    liveKitUrl: LIVEKIT_URL,
    liveKitSipUri: LIVEKIT_SIP_URI,
  });
}

const marks = { ok: "ok     ", warning: "warning", error: "ERROR  ", "not-checked": "-      " } as const;

function stepText({ subject, state, found, means, remedy }: DoctorStep): string {
  const more = [means && `means: ${means}`, remedy && `do:    ${remedy}`].filter(Boolean);
  return [`${marks[state]} ${subject.padEnd(11)} ${found}`, ...more.map((line) => `        ${line}`)].join(
    "\n",
  );
}

/** What a person can paste where others help: no secret, no number, no address. */
function summaryOf(steps: readonly DoctorStep[]): string {
  const count = (state: DoctorStep["state"]): number => steps.filter((step) => step.state === state).length;
  const first = steps.find(({ state }) => state === "error");
  const states = [...new Set(steps.map(({ subject }) => subject))].map((subject) => {
    const worst = (["error", "warning", "ok", "not-checked"] as const).find((state) =>
      steps.some((step) => step.subject === subject && step.state === state),
    );
    return `${subject}=${worst}`;
  });
  return [
    `sip-voice doctor: ${count("error")} errors, ${count("warning")} warnings, ${count("ok")} ok, ${count("not-checked")} not checked`,
    `Node ${process.versions.node}, ${process.platform} ${release()}`,
    states.join(" "),
    first ? `First: ${first.subject}. ${first.remedy}` : "Nothing stands in the way of a call.",
  ].join("\n");
}
