import type { ClinicMenu } from "../call/clinic-menu.ts";
import type { CallChannel } from "../call/identifiers.ts";
import type { Language, PromptTexts } from "../call/prompt.ts";
import type { EmergencyWords } from "./emergency/emergency-words.ts";

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
  /** The menu that callers go through by keys before the conversation; none unless given. Made by `defineClinicMenu`. */
  readonly menu?: ClinicMenu;
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

const languageNames: Readonly<Record<Language, string>> = { "en-US": "English", "ar-XA": "Arabic" };

/** The language in which a call begins where nobody chose one. */
const firstLanguage: Readonly<Record<CallChannel, Language>> = { phone: "en-US", web: "ar-XA" };

const mannerOf: Readonly<Record<CallChannel, (language: string) => string>> = {
  phone: (language) =>
    `You are on a telephone line: speak ${language}, slowly and extra clearly, in short sentences. Say one thing at a time. ` +
    "Say dates with the weekday. Nothing can be shown, so never speak of anything to see.",
  web: (language) =>
    `You are in a browser: speak ${language}, warmly and briefly. The page shows the appointment, its state and the times ` +
    "that you find, which the patient can tap: do not read out what can be seen; refer to it.",
};

/** A language by its tag, as it comes over the network; `undefined` when the agent does not speak it. */
export function languageOf(tag: string | undefined): Language | undefined {
  return (Object.keys(languageNames) as Language[]).find((language) => language === tag);
}

/** How the agent speaks on a channel: English and extra clear on the telephone, Arabic in the browser, unless another is chosen. */
export function profileOf(channel: CallChannel, chosen?: Language): ChannelProfile {
  const language = chosen ?? firstLanguage[channel];
  return { channel, language, manner: mannerOf[channel](languageNames[language]) };
}
