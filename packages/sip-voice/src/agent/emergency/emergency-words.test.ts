import { describe, expect, it } from "vitest";
import { emergencyWordLists } from "./emergency-word-list.ts";
import { emergencyMatcher } from "./emergency-words.ts";

const isEmergency = emergencyMatcher();

describe("emergency words", () => {
  it.each([
    "I have chest pain.",
    "I HAVE CHEST-PAIN",
    "there is a pain in my chest",
    "Help, my husband can’t breathe!",
    "she can't really breathe",
    "I think it's a heart attack and",
    "Emergency!",
    "please, an ambulance",
    "call nine one one",
    "He passed out; he won't wake up.",
    "I want to kill myself",
    "It's not an emergency, but I can't breathe.",
    "عندي ألم في الصدر",
    "عِنْدِي أَلَمٌ شَدِيدٌ فِي صَدْرِي",
    "عندي الم فى الصدر",
    "وألم قوي بصدري",
    "لا أستطيع التنفس",
    "أحتاج للإسعاف",
    "أبي فقد الوعي والنزيف لا يتوقف",
    "سأموت",
    "هذه حالـــة طارئه",
  ])("hears '%s'", (text) => {
    expect(isEmergency(text)).toBe(true);
  });

  it.each([
    "",
    "...",
    "Yes, that's right, I will be there.",
    "I need to cancel my appointment.",
    "It's not an emergency, I just want another time.",
    "This isn’t an emergency.",
    "it is a non-emergency visit",
    "Dr. Chester has no pain clinic",
    "I was painting the chests", // whole words only
    "the 9112 bus",
    "a pain, as I said to you before, chest",
    "أود أن آتي يوم الجمعة بدلا من ذلك من فضلك",
    "هذه ليست حالة طارئة",
    "نعم، هذا صحيح، سأكون هناك",
  ])("does not hear '%s'", (text) => {
    expect(isEmergency(text)).toBe(false);
  });

  it("rather raises a false alarm than to trust a 'no'", () => {
    expect(isEmergency("No, chest pain!")).toBe(true);
    expect(isEmergency("no chest pain")).toBe(true);
  });

  it("hears it in a transcript that is still growing, as soon as the word is there", () => {
    const spoken = "well you see since this morning I have chest pain and".split(" ");
    const first = spoken.findIndex((_, index) => isEmergency(spoken.slice(0, index + 1).join(" ")));
    expect(spoken[first]).toBe("pain");
  });

  it("does not put words together over a phrase that is harmless", () => {
    expect(isEmergency("a pain, not an emergency, chest X-ray")).toBe(false);
  });

  it("takes a clinic's own words, and its own exceptions", () => {
    const own = emergencyMatcher({
      "en-US": { words: ["waters ... broke", "112"], harmless: ["stroke rehab"] },
      "ar-XA": { words: ["مخاض"] },
    });
    expect(own("My waters just broke")).toBe(true);
    expect(own("call 112")).toBe(true);
    expect(own("I come for stroke rehab")).toBe(false);
    expect(own("a stroke")).toBe(true);
    expect(own("بدأ المخاض")).toBe(true);
    expect(isEmergency("My waters just broke")).toBe(false);
  });

  it("hears every word of its own lists", () => {
    for (const { words } of Object.values(emergencyWordLists)) {
      for (const phrase of words) {
        expect(isEmergency(phrase.replace("...", "")), phrase).toBe(true);
        expect(isEmergency(phrase.replace("...", "xx yy zz")), phrase).toBe(true);
      }
    }
  });

  it("needs no more than a few milliseconds for a long transcript", () => {
    const long = "and then I thought that I would rather come on Friday ".repeat(200);
    const began = performance.now();
    expect(isEmergency(`${long} chest pain`)).toBe(true);
    expect(performance.now() - began).toBeLessThan(500);
  });
});
