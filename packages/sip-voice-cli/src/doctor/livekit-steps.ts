import type { SipListing, SipSetupAnswer } from "@clinic/sip-voice/trunks";
import { type DoctorStep, unchecked, well } from "./doctor-step.ts";

/** What came of a plain request to LiveKit's address. */
export type LiveKitReach =
  | { readonly reached: true; readonly status: number; readonly skewSeconds: number | undefined }
  | { readonly reached: false; readonly code: string };

/** LiveKit's tokens are taken some time before and after the server's own moment, not more. */
const toleratedSkewSeconds = 60;

const networkWords: Readonly<Record<string, readonly [string, string]>> = {
  ENOTFOUND: ["There is no such host.", "Check the spelling of LIVEKIT_URL."],
  EAI_AGAIN: ["The name of the host can't be looked up from here.", "Check this machine's network and DNS."],
  ECONNREFUSED: [
    "The host refuses connections on this port.",
    "Start the LiveKit server, or mend the port in LIVEKIT_URL.",
  ],
  ETIMEDOUT: ["The host does not answer.", "Look for a firewall between this machine and LiveKit."],
};

/** Whether LiveKit is there, and whether its clock and ours agree. */
export function reachSteps(reach: LiveKitReach): readonly DoctorStep[] {
  if (!reach.reached) {
    const certificate = /CERT|TLS|SSL/.test(reach.code);
    const [found, remedy] = networkWords[reach.code] ?? [
      certificate ? "The host's certificate is not trusted here." : `The connection failed (${reach.code}).`,
      certificate
        ? "Use the name that the certificate is for."
        : "Check LIVEKIT_URL and this machine's network.",
    ];
    return [{ subject: "livekit", state: "error", found, means: "Nothing works without LiveKit.", remedy }];
  }
  const there: DoctorStep =
    reach.status < 400
      ? well("livekit", "LiveKit answers.")
      : {
          ...{
            subject: "livekit",
            state: "error",
            found: `What answers at LIVEKIT_URL says ${reach.status}.`,
          },
          means: "It is no LiveKit server, or it is not ready.",
          remedy: "Copy the address from your LiveKit project's settings.",
        };
  const skew = reach.skewSeconds;
  if (skew === undefined) return [there, unchecked("clock", "LiveKit does not say what time it is.")];
  if (Math.abs(skew) <= toleratedSkewSeconds) return [there, well("clock", "The clocks agree.")];
  return [
    there,
    {
      ...{ subject: "clock", state: "error" },
      found: `This machine's clock is ${Math.abs(Math.round(skew))} s ${skew > 0 ? "ahead of" : "behind"} LiveKit's.`,
      means: "LiveKit refuses tokens that are not valid yet, or no more: it looks like wrong credentials.",
      remedy: "Set this machine's clock by NTP.",
    },
  ];
}

/** Whether LiveKit takes the credentials, and has SIP. */
export function accessSteps(answer: SipSetupAnswer<SipListing>): readonly DoctorStep[] {
  if (answer.ok)
    return [well("credentials", "LiveKit takes the credentials."), well("sip", "LiveKit has SIP.")];
  const { kind, means, remedy } = answer.failure;
  const error = (subject: "credentials" | "sip" | "livekit", consequence: string): DoctorStep => ({
    ...{ subject, state: "error", found: means, means: consequence, remedy },
  });
  switch (kind) {
    case "refused":
      return [error("credentials", "Neither the agent nor a call gets in.")];
    case "too-few-rights":
      return [error("credentials", "The agent may work; trunks and calls do not.")];
    case "no-sip":
      return [
        well("credentials", "LiveKit takes the credentials."),
        error("sip", "There is no telephone on this server."),
      ];
    default:
      return [error("livekit", "Nothing more can be looked at.")];
  }
}
