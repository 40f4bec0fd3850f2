export * from "./telnyx-stand-in.ts";
