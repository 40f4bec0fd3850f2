import { describe, expect, it } from "vitest";
import { parsePhoneNumber } from "../phone/phone-number.ts";
import { numberSpellings } from "./number-spellings.ts";
import { numbersOf, patientOf, spokenName } from "./patient-mapping.ts";
import { type Resource, shapes } from "./resources.ts";

const patient = (given: object): Resource<"Patient"> =>
  shapes.Patient.parse({ resourceType: "Patient", id: "p-1", ...given }) as Resource<"Patient">;
const phone = (value: string, more: object = {}) => ({ system: "phone", value, ...more });

describe("a patient's number", () => {
  it("is asked for in the ways in which it is usually written", () => {
    const spellings = numberSpellings(parsePhoneNumber("+15105550111"));
    for (const usual of [
      "+15105550111",
      "15105550111",
      "5105550111",
      "(510) 555-0111",
      "(510)555-0111",
      "510-555-0111",
      "510.555.0111",
      "510 555 0111",
      "1-510-555-0111",
      "+1 510 555 0111",
      "+1 (510) 555-0111",
      "+1-510-555-0111",
      "tel:+15105550111",
      "tel:+1-510-555-0111",
    ]) {
      expect(spellings).toContain(usual);
    }
    expect(new Set(spellings).size).toBe(spellings.length);
    const london = numberSpellings(parsePhoneNumber("+442079460018"));
    expect(london).toEqual(
      expect.arrayContaining(["+442079460018", "020 7946 0018", "+44 20 7946 0018", "02079460018"]),
    );
  });

  it("is the first by rank, then a mobile one; what is old or not a number is left out", () => {
    const { telecom } = {
      telecom: [
        { system: "email", value: "nadia@clinic.example" },
        phone("510-555-0114", { use: "work" }),
        phone("(510) 555-0113", { use: "home" }),
        phone("tel:+1-510-555-0112", { use: "mobile" }),
        phone("+1 510 555 0115", { use: "old" }),
        phone("ask her sister"),
        phone("510 555 0116", { use: "work", rank: 1 }),
        { system: "phone" },
      ],
    };
    expect(numbersOf(patient({ telecom }), "US")).toEqual([
      "+15105550116",
      "+15105550112",
      "+15105550113",
      "+15105550114",
    ]);
    expect(numbersOf(patient({ telecom: [phone("020 7946 0018")] }), "GB")).toEqual(["+442079460018"]);
  });
});

describe("a patient's name", () => {
  it.each([
    [[{ text: "Nadia Haddad", family: "Other" }], "Nadia Haddad"],
    [[{ given: ["Nadia", "M."], family: "Haddad", prefix: ["Ms."] }], "Ms. Nadia M. Haddad"],
    [
      [
        { use: "maiden", text: "Nadia Old" },
        { use: "official", text: "Nadia Haddad" },
      ],
      "Nadia Haddad",
    ],
    [
      [
        { use: "official", text: "Nadia Haddad" },
        { use: "usual", text: "Nadia" },
      ],
      "Nadia",
    ],
    [[{ text: "سامي حداد" }], "سامي حداد"],
    [[{ use: "old", text: "Nobody" }], undefined],
    [[], undefined],
    [undefined, undefined],
  ])("of %j is %j", (names, spoken) => {
    expect(spokenName(names)).toBe(spoken);
  });
});

describe("a patient", () => {
  const known = { name: [{ text: "Nadia Haddad" }], telecom: [phone("+15105550111")] };

  it.each([
    [{ state: "CO", country: "US" }, "US-CO"],
    [{ state: "CO", country: "USA" }, "US-CO"],
    [{ state: "Colorado", country: "US" }, undefined],
    [{ country: "CA", state: "ON" }, "CA"],
    [{ country: "Canada" }, undefined],
    [{ state: "CO" }, undefined],
  ])("with the address %j lives at %j", (address, place) => {
    expect(patientOf(patient({ ...known, address: [address] }), "US")?.place).toBe(place);
  });

  it("has a date of birth only where the whole day is known", () => {
    for (const [birthDate, expected] of [
      ["1990-12-24", "1990-12-24"],
      ["1990-12", undefined],
      ["1990-02-30", undefined],
    ]) {
      expect(patientOf(patient({ ...known, birthDate }), "US")?.dateOfBirth).toBe(expected);
    }
  });

  it("without a name or a number is nobody whom the agent could greet or call", () => {
    expect(patientOf(patient({ name: known.name }), "US")).toBeUndefined();
    expect(patientOf(patient({ telecom: known.telecom }), "US")).toBeUndefined();
  });
});
