import type { ClinicProfile } from "@clinic/sip-voice/agent";

/** The clinic of this example, invented. Put your own name, time zone and wording here. */
export const clinic: ClinicProfile = {
  clinicId: "riverside",
  name: "Riverside Family Clinic",
  timeZone: "America/Los_Angeles",
  instructions: "The clinic is open Monday to Friday, 8 AM to 6 PM. There is parking behind the building.",
  prompts: {
    "en-US": {
      opener: "Hello, this is the automated assistant of Riverside Family Clinic. I am an A.I.",
      confirmed: "Thank you. Your appointment is confirmed.",
      cancelled: "Your appointment is cancelled.",
      "reschedule-requested": "All right, let us find another time.",
      "no-appointment": "I could not find an appointment for this call. Press 0 to speak to a person.",
      "not-stored": "I am sorry, I could not save that. Press 0 to speak to a person.",
      operator: "One moment, I am connecting you with a person.",
      "operator-unavailable": "I am sorry, nobody can take the call right now. Please try again later.",
      "opted-out": "You will not be called again. Goodbye.",
      "unmapped-digit":
        "That key has no meaning here. Press 1 to confirm, 2 for another time, or 0 for a person.",
      apology:
        "I am sorry, I can not hear you right now. Press 1 to confirm your appointment, 2 for another time, or 0 for a person.",
      goodbye: "Thank you for calling. Goodbye.",
    },
    "ar-XA": {
      opener: "مرحباً، معك المساعد الآلي لعيادة ريفرسايد. أنا نظام ذكاء اصطناعي.",
      confirmed: "شكراً لك، تم تأكيد موعدك.",
      cancelled: "تم إلغاء موعدك.",
      "reschedule-requested": "حسناً، لنبحث عن موعد آخر.",
      "no-appointment": "لم أجد موعداً لهذه المكالمة. يمكنك طلب التحدث إلى موظف.",
      "not-stored": "عذراً، لم أتمكن من حفظ ذلك. يمكنك طلب التحدث إلى موظف.",
      operator: "لحظة من فضلك، سأصلك بموظف.",
      "operator-unavailable": "عذراً، لا يوجد من يستطيع الرد الآن. حاول لاحقاً من فضلك.",
      "opted-out": "لن نتصل بك مرة أخرى. مع السلامة.",
      "unmapped-digit": "هذا الزر بلا معنى هنا. اضغط واحد للتأكيد، أو اثنين لموعد آخر، أو صفر للموظف.",
      apology: "عذراً، لا أستطيع سماعك الآن. اضغط واحد للتأكيد، أو اثنين لموعد آخر، أو صفر للموظف.",
      goodbye: "شكراً لاتصالك. مع السلامة.",
    },
  },
};
