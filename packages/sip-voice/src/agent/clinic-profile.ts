import type { CallChannel } from "../call/identifiers.ts";
import type { Language, PromptTexts } from "../call/prompt.ts";
import type { EmergencyWords } from "./emergency-words.ts";

/** What is a clinic's own about its agent. */
export interface ClinicProfile {
  /** The clinic's id in the appointment store. */
  readonly clinicId: string;
  /** The name that patients hear. */
  readonly name: string;
  /** IANA time zone of the clinic. */
  readonly timeZone: string;
  /** The fixed sentences, in every language that the clinic's agent speaks. */
  readonly prompts: Readonly<Record<Language, PromptTexts>>;
  /** What the model is told besides what a call's channel and appointment ask for. */
  readonly instructions?: string;
  /** The clinic's own words of an emergency, on top of those that every agent listens for. */
  readonly emergencyWords?: EmergencyWords;
}

/** How the agent speaks on a channel. */
export interface ChannelProfile {
  /** The channel. */
  readonly channel: CallChannel;
  /** The language to begin in. */
  readonly language: Language;
  /** How to speak, for the model. */
  readonly manner: string;
}

const channelProfiles: Readonly<Record<CallChannel, ChannelProfile>> = {
  phone: {
    channel: "phone",
    language: "en-US",
    manner:
      "You are on a telephone line: speak English, slowly and extra clearly, in short sentences. Say one thing at a time. " +
      "Say dates with the weekday. Nothing can be shown, so never speak of anything to see.",
  },
  web: {
    channel: "web",
    language: "ar-XA",
    manner:
      "You are in a browser: speak Arabic, warmly and briefly. The page shows the appointment and its state, " +
      "so do not read out what can be seen; refer to it.",
  },
};

/** How the agent speaks on a channel: English and extra clear on the telephone, Arabic in the browser. */
export function profileOf(channel: CallChannel): ChannelProfile {
  return channelProfiles[channel];
}
