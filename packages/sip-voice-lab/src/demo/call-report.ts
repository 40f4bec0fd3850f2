import type { Appointment } from "@clinic/sip-voice";
import type { CallEvidence } from "./call-evidence.ts";
import { type Check, checksOf } from "./checks.ts";
import type { DemoCall } from "./demo-call.ts";

/** An appointment as the report shows it. */
export interface ReportedAppointment {
  readonly status: string;
  /** RFC 3339. */
  readonly start: string;
  /** The start as people at the clinic would say it. */
  readonly spoken: string;
  readonly slotId: string | null;
}

/** What became of one call, and whether that is what should be. */
export interface CallReport {
  readonly name: string;
  readonly title: string;
  readonly direction: "inbound" | "outbound";
  readonly patient: string;
  readonly outcome: string;
  readonly disposition: string | null;
  readonly endedBy: string | null;
  readonly appointment: {
    readonly before: ReportedAppointment | null;
    readonly after: ReportedAppointment | null;
  };
  /** Telephones that the clinic rang. */
  readonly rings: readonly {
    readonly number: string;
    readonly cause: string;
    readonly agentsReady: number;
  }[];
  /** What the model said. */
  readonly modelSaid: readonly string[];
  /** How often the patient said something again, because no answer came. */
  readonly repeated: number;
  /** Sentences that were heard, but torn by a machine that does too much at a time. */
  readonly torn: readonly string[];
  readonly checks: readonly Check[];
  /** Whether everything that was verified is as it should be. */
  readonly ok: boolean;
  /** How long it took. */
  readonly seconds: number;
  /** The file with its audio, where it was kept. */
  readonly audio?: string;
}

/** Judges a call by its evidence. */
export function reportOf(
  call: DemoCall,
  evidence: CallEvidence,
  { scripted, ...more }: { readonly scripted: boolean; readonly seconds: number; readonly audio?: string },
): CallReport {
  const { record, before, after, rings, modelSaid, outcome, conversation } = evidence;
  const checks = checksOf(call, evidence, scripted);
  return {
    name: call.name,
    title: call.title,
    direction: call.direction,
    patient: call.patient.name,
    outcome,
    disposition: record?.finalState?.disposition ?? null,
    endedBy: record?.finalState?.endedBy ?? null,
    appointment: { before: reported(before), after: reported(after) },
    rings: rings.map(({ number, cause, agentsReady }) => ({ number, cause, agentsReady })),
    modelSaid,
    repeated: conversation?.repeated ?? 0,
    torn: conversation?.torn ?? [],
    checks,
    ok: checks.every(({ ok }) => ok !== false),
    ...more,
  };
}

function reported(appointment: Appointment | undefined): ReportedAppointment | null {
  if (!appointment) return null;
  const { status, start, slotId } = appointment;
  return { status, start, spoken: shortTime(appointment), slotId: slotId ?? null };
}

/** An appointment's time in a few characters: `Fri, Nov 27, 10:00 AM`. */
export function shortTime({ start, timeZone }: Appointment): string {
  return new Intl.DateTimeFormat("en-US", {
    weekday: "short",
    month: "short",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
    timeZone,
  }).format(new Date(start));
}
