import { parsePhoneNumberFromString } from "libphonenumber-js/max";
import type { PhoneNumber } from "../phone/phone-number.ts";

/**
 * The ways in which a number is usually written. FHIR's search by `phone` compares text on most servers, so each is asked
 * for; what is found is read as a number and compared before it counts.
 */
export function numberSpellings(phoneNumber: PhoneNumber): string[] {
  const found = parsePhoneNumberFromString(phoneNumber);
  if (!found) return [phoneNumber];
  const national = found.formatNational();
  const international = found.formatInternational();
  const bare = found.nationalNumber;
  const country = found.countryCallingCode;
  const spellings = [
    phoneNumber,
    phoneNumber.slice(1),
    bare,
    national,
    national.replaceAll(/\D/g, ""),
    international,
    international.replaceAll(" ", "-"),
    found.format("RFC3966"),
    `tel:${international.replaceAll(" ", "-")}`,
    `+${country} ${bare}`,
    `+${country}-${bare}`,
    ...(country === "1" ? northAmerican(bare) : []),
  ];
  return [...new Set(spellings)];
}

/** North America's ten digits, in groups of 3, 3 and 4. */
function northAmerican(digits: string): string[] {
  const [area, office, line] = [digits.slice(0, 3), digits.slice(3, 6), digits.slice(6)];
  const rest = `${office}-${line}`;
  return [
    `${area}-${rest}`,
    `${area}.${office}.${line}`,
    `${area} ${office} ${line}`,
    `(${area})${rest}`,
    `${area} ${rest}`,
    `1-${area}-${rest}`,
    `1 ${area} ${office} ${line}`,
    `1 (${area}) ${rest}`,
    `+1 (${area}) ${rest}`,
    `+1(${area})${rest}`,
    `+1 ${area} ${office} ${line}`,
    `+1 ${area}-${rest}`,
    `+1.${area}.${office}.${line}`,
  ];
}
