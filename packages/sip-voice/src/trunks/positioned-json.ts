import { type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import { camelCase, canonicalScalar, type Json } from "./canonical-form.ts";
import { mapFields } from "./sip-config-shape.ts";

/** A place in a text, both from 1. */
export interface TextPlace {
  /** The line. */
  readonly line: number;
  /** The column. */
  readonly column: number;
}

/** A JSON text with the place of each of its fields. */
export interface PositionedJson {
  /** The value, with LiveKit's field names in camelCase; `undefined` when the text is no JSON. */
  readonly value: Json | undefined;
  /** Where a field stands, by its path. */
  placeOf(path: readonly PropertyKey[]): TextPlace;
  /** Where the text is no JSON, and why. */
  readonly broken: (TextPlace & { readonly why: string }) | undefined;
  /** Fields that are there twice, also in both spellings. */
  readonly twice: readonly (TextPlace & { readonly field: string })[];
}

const explanations: Readonly<Record<string, string>> = {
  InvalidSymbol: "There is a word that JSON does not know.",
  InvalidNumberFormat: "There is a number in a form that JSON does not know.",
  PropertyNameExpected: "A field's name in double quotes is missing.",
  ValueExpected: "A value is missing.",
  ColonExpected: "A colon is missing after a field's name.",
  CommaExpected: "A comma is missing.",
  CloseBraceExpected: "A closing brace is missing.",
  CloseBracketExpected: "A closing bracket is missing.",
  EndOfFileExpected: "There is more text after the end.",
  InvalidCommentToken: "JSON has no comments.",
  UnexpectedEndOfString: "A text has no closing quote on its line.",
};

/** Reads a JSON text and keeps in mind where everything stands. */
export function readPositionedJson(given: string): PositionedJson {
  const text = given.replace(/^\uFEFF/, "");
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  const places = new Map<string, number>();
  const twice: (TextPlace & { readonly field: string })[] = [];
  const keyOf = (path: readonly PropertyKey[]): string => JSON.stringify(path.map(String));

  const read = (node: Node, path: readonly PropertyKey[], field: string): Json => {
    if (!places.has(keyOf(path))) places.set(keyOf(path), node.offset);
    if (node.type === "array")
      return (node.children ?? []).map((item, index) => read(item, [...path, index], field));
    if (node.type !== "object") return canonicalScalar(field, (node.value ?? null) as Json);
    const entries = new Map<string, Json>();
    for (const { children, offset } of node.children ?? []) {
      const [key, value] = children ?? [];
      const written = String(key?.value);
      const name = mapFields.has(field) ? written : camelCase(written);
      if (entries.has(name)) twice.push({ ...placeAt(text, offset), field: written });
      places.set(keyOf([...path, name]), offset);
      entries.set(name, value ? read(value, [...path, name], mapFields.has(field) ? "" : name) : null);
    }
    return Object.fromEntries(entries);
  };

  const value = tree && errors.length === 0 ? read(tree, [], "") : undefined;
  const [first] = errors;
  const why = explanations[first ? printParseErrorCode(first.error) : "ValueExpected"] ?? "It is no JSON.";
  return {
    value,
    twice,
    broken: value === undefined ? { ...placeAt(text, first?.offset ?? 0), why } : undefined,
    placeOf(path) {
      for (let length = path.length; length > 0; length--) {
        const offset = places.get(keyOf(path.slice(0, length)));
        if (offset !== undefined) return placeAt(text, offset);
      }
      return placeAt(text, places.get("[]") ?? 0);
    },
  };
}

function placeAt(text: string, offset: number): TextPlace {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
