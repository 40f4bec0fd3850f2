import { testContactPreferences } from "../testing/index.ts";
import { memoryContactPreferences } from "./contact-preferences.ts";

testContactPreferences("memory", () => ({ port: memoryContactPreferences() }));
