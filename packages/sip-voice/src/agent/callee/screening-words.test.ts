import { describe, expect, it } from "vitest";
import { screeningSense } from "./screening-words.ts";

describe("an assistant's words", () => {
  it.each([
    "Hi, the person you're calling is using a screening service and will get a copy of this conversation.",
    "Go ahead and say your name, and why you're calling.",
    "Hi! If you record your name and reason for calling, I’ll see if this person is available.",
    "Please state your name and the purpose of your call.",
    "service, please say  your name and why you are calling",
  ])("ask who is calling: %s", (text) => expect(screeningSense(text)).toBe("asks"));

  it.each([
    "Thanks, please hold.",
    "One moment, I'm connecting you.",
    "They are still trying to reach them.",
    "Stay on the line.",
  ])("ask to wait: %s", (text) => expect(screeningSense(text)).toBe("holds"));

  it.each([
    "Hello?",
    "Yes, this is Maria.",
    "Who is this?",
    "You have reached the Lopez family, leave a message.",
    "I am calling about my appointment.",
    "",
  ])("are not: %s", (text) => expect(screeningSense(text)).toBeUndefined());
});
