const LAB_NUMBER = /^\+1[2-9]\d{2}55501\d{2}$/;

/** Whether a number is one of +1 NPA 555-0100 to 555-0199. */
export const isLabNumber = (number: string): boolean => LAB_NUMBER.test(number);

/**
 * Throws unless the number is one of +1 NPA 555-0100 to 555-0199, which are set aside for fiction.
 * The lab has no other numbers, so that none of its data can ever ring somebody.
 */
export function assertLabNumber(number: string): void {
  if (!isLabNumber(number))
    throw new RangeError("A simulated telephone has a number like +15105550100 (555-01xx).");
}
