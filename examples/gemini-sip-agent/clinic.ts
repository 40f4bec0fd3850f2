import { type OpeningHours, usFederalHolidays } from "@clinic/sip-voice";
import type { ClinicProfile } from "@clinic/sip-voice/agent";

const day = [{ from: "08:00", to: "18:00" }];

/** When somebody at the front desk takes calls. */
export const operatorHours: OpeningHours = {
  timeZone: "America/Los_Angeles",
  week: { 1: day, 2: day, 3: day, 4: day, 5: day },
  holidays: usFederalHolidays,
  dates: { "2026-12-24": [{ from: "08:00", to: "12:00" }] },
};

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
      "operator-unavailable":
        "I am sorry, nobody can take the call right now. Press 3 and we will call you back.",
      "opted-out": "You will not be called again. Goodbye.",
      "unmapped-digit":
        "That key has no meaning here. Press 1 to confirm, 2 for another time, or 0 for a person.",
      apology:
        "I am sorry, I can not hear you right now. Press 1 to confirm your appointment, 2 for another time, or 0 for a person.",
      goodbye: "Thank you for calling. Goodbye.",
      "recording-announcement": "This call is recorded.",
      hold: "One moment, please.",
      "operator-closed": "The clinic is closed now. Press 3 and we will call you back.",
      "call-back-noted": "Thank you. Somebody from the clinic will call you back.",
      "still-there": "Are you still there? You can speak, or press a key.",
      "silence-goodbye": "I can not hear you, so I will end the call. Thank you. Goodbye.",
      reconnected: "Thank you for waiting. I can hear you again.",
      voicemail:
        "Hello, this is the automated assistant of Riverside Family Clinic. Please call us back at 510 555 0100. Thank you.",
      screening: "This is the automated assistant of Riverside Family Clinic, with a short call.",
      emergency: "If this is an emergency, hang up and dial 9 1 1. I am connecting you with a person now.",
      "wrong-number": "I am sorry for the disturbance. This number will not be called again. Goodbye.",
      "identity-ask":
        "Please key in your date of birth: two digits for the month, two for the day, four for the year.",
      "identity-again":
        "That did not work. Please key in your date of birth again: month, day, and the four digits of the year.",
      "identity-failed": "I could not verify that. Press 0 to speak to a person.",
    },
    "ar-XA": {
      opener: "مرحباً، معك المساعد الآلي لعيادة ريفرسايد. أنا نظام ذكاء اصطناعي.",
      confirmed: "شكراً لك، تم تأكيد موعدك.",
      cancelled: "تم إلغاء موعدك.",
      "reschedule-requested": "حسناً، لنبحث عن موعد آخر.",
      "no-appointment": "لم أجد موعداً لهذه المكالمة. يمكنك طلب التحدث إلى موظف.",
      "not-stored": "عذراً، لم أتمكن من حفظ ذلك. يمكنك طلب التحدث إلى موظف.",
      operator: "لحظة من فضلك، سأصلك بموظف.",
      "operator-unavailable": "عذراً، لا يوجد من يستطيع الرد الآن. اضغط ثلاثة لنعاود الاتصال بك.",
      "opted-out": "لن نتصل بك مرة أخرى. مع السلامة.",
      "unmapped-digit": "هذا الزر بلا معنى هنا. اضغط واحد للتأكيد، أو اثنين لموعد آخر، أو صفر للموظف.",
      apology: "عذراً، لا أستطيع سماعك الآن. اضغط واحد للتأكيد، أو اثنين لموعد آخر، أو صفر للموظف.",
      goodbye: "شكراً لاتصالك. مع السلامة.",
      "recording-announcement": "هذه المكالمة مسجلة.",
      hold: "لحظة من فضلك.",
      "operator-closed": "العيادة مغلقة الآن. اضغط ثلاثة لنعاود الاتصال بك.",
      "call-back-noted": "شكراً لك، سيعاود أحد موظفي العيادة الاتصال بك.",
      "still-there": "هل ما زلت معي؟ يمكنك التحدث أو الضغط على زر.",
      "silence-goodbye": "لا أستطيع سماعك، لذلك سأنهي المكالمة. شكراً لك، مع السلامة.",
      reconnected: "شكراً لانتظارك، أستطيع سماعك من جديد.",
      voicemail: "مرحباً، معك المساعد الآلي لعيادة ريفرسايد. نرجو معاودة الاتصال بالعيادة. شكراً لك.",
      screening: "معك المساعد الآلي لعيادة ريفرسايد، في مكالمة قصيرة.",
      emergency: "إن كانت حالة طارئة فأغلق الخط واتصل بالرقم تسعة واحد واحد. سأصلك بموظف الآن.",
      "wrong-number": "نعتذر عن الإزعاج. لن نتصل بهذا الرقم مرة أخرى. مع السلامة.",
      "identity-ask": "أدخل تاريخ ميلادك من فضلك: رقمان للشهر، ورقمان لليوم، وأربعة للسنة.",
      "identity-again": "لم ينجح ذلك. أدخل تاريخ ميلادك مرة أخرى: الشهر، ثم اليوم، ثم أربعة أرقام للسنة.",
      "identity-failed": "لم أتمكن من التحقق. اضغط صفر للتحدث إلى موظف.",
    },
  },
};
