import { type OpeningHours, usFederalHolidays } from "@clinic/sip-voice";
import { type ClinicProfile, spokenNumber } from "@clinic/sip-voice/agent";

// The clinic's own facts, once. The sentences below are built from them.
const name = "Riverside Family Clinic";
const arabicName = "عيادة ريفرسايد لطب الأسرة";
/** Where people call back. */
const phoneNumber = "+17205550174";
/** What people dial in an emergency, where the clinic is. */
const emergencyNumber = "911";
const timeZone = "America/Los_Angeles";

const day = [{ from: "08:00", to: "18:00" }];

/** When somebody at the front desk takes calls. */
export const operatorHours: OpeningHours = {
  timeZone,
  week: { 1: day, 2: day, 3: day, 4: day, 5: day },
  holidays: usFederalHolidays,
  dates: { "2026-12-24": [{ from: "08:00", to: "12:00" }] },
};

/** The clinic of this example, invented. Put your own name, time zone and wording here. */
export const clinic: ClinicProfile = {
  clinicId: "riverside",
  name,
  timeZone,
  instructions: "The clinic is open Monday to Friday, 8 AM to 6 PM. There is parking behind the building.",
  prompts: {
    // In the first sentence: who is calling, and that it is an AI. Counsel should read this one, "voicemail" and "emergency".
    "en-US": {
      opener: `Hello, this is the automated assistant of ${name}. I am an A.I., not a person.`,
      confirmed: "Thank you. Your appointment is confirmed.",
      cancelled: "Your appointment is cancelled.",
      "reschedule-requested": "All right, let us find another time.",
      "no-appointment": "I could not find an appointment for this call. Press 0 to speak to a person.",
      "not-stored": "I am sorry, I could not save that. Press 0 to speak to a person.",
      operator: "One moment, I am connecting you with a person.",
      "operator-unavailable":
        "I am sorry, nobody can take the call right now. Press 3 and we will call you back.",
      "operator-closed": "I am sorry, nobody is at the front desk now. Press 3 and we will call you back.",
      "call-back-noted": "Thank you. Somebody from the clinic will call you back.",
      "opted-out": "You will not be called again. Goodbye.",
      "wrong-number": "I am sorry for the disturbance. This number will not be called again. Goodbye.",
      "unmapped-digit":
        "That key has no meaning here. Press 1 to confirm, 2 for another time, 3 to be called back, or 0 for a person.",
      hold: "One moment, please.",
      apology:
        "I am sorry, I can not hear you right now. Press 1 to confirm your appointment, 2 for another time, or 0 for a person.",
      reconnected: "Thank you for waiting. I can hear you again.",
      "still-there": "Are you still there? You can speak, or press a key.",
      "silence-goodbye": "I can not hear you, so I will end the call. Thank you. Goodbye.",
      goodbye: "Thank you for your time. Goodbye.",
      "recording-announcement": "This call is recorded.",
      // Whoever listens to a machine may not be the patient: no name, no time, no doctor.
      voicemail:
        `Hello, this is the automated assistant of ${name}, with a message about an appointment. ` +
        `Please call us back at ${spokenNumber(phoneNumber, "en-US")}. ` +
        `Once more: ${spokenNumber(phoneNumber, "en-US")}. At that number you can also ask us not to call again. Thank you. Goodbye.`,
      screening: `This is the automated assistant of ${name}, calling about an appointment.`,
      emergency:
        `If this is an emergency, hang up now and dial ${spokenNumber(emergencyNumber, "en-US")}. ` +
        "Otherwise stay on the line, I am connecting you with a person.",
      "identity-ask":
        "Please key in your date of birth: two digits for the month, two for the day, four for the year.",
      "identity-again":
        "That did not work. Please key in your date of birth again: month, day, and the four digits of the year.",
      "identity-failed": "I could not verify that. Press 0 to speak to a person.",
    },
    "ar-XA": {
      opener: `مرحباً، معك المساعد الآلي في ${arabicName}. أنا نظام ذكاء اصطناعي ولست إنساناً.`,
      confirmed: "شكراً لك، تم تأكيد موعدك.",
      cancelled: "تم إلغاء موعدك.",
      "reschedule-requested": "حسناً، لنبحث عن موعد آخر.",
      "no-appointment": "لم أجد موعداً لهذه المكالمة. يمكنك طلب التحدث إلى موظف.",
      "not-stored": "عذراً، لم أتمكن من حفظ ذلك. يمكنك طلب التحدث إلى موظف.",
      operator: "لحظة من فضلك، سأصلك بموظف.",
      "operator-unavailable": "عذراً، لا يوجد من يستطيع الرد الآن. اضغط ثلاثة لنعاود الاتصال بك.",
      "operator-closed": "عذراً، لا يوجد أحد في الاستقبال الآن. اضغط ثلاثة لنعاود الاتصال بك.",
      "call-back-noted": "شكراً لك، سيعاود أحد موظفي العيادة الاتصال بك.",
      "opted-out": "لن نتصل بك مرة أخرى. مع السلامة.",
      "wrong-number": "نعتذر عن الإزعاج. لن نتصل بهذا الرقم مرة أخرى. مع السلامة.",
      "unmapped-digit":
        "هذا الزر بلا معنى هنا. اضغط واحد للتأكيد، أو اثنين لموعد آخر، أو ثلاثة لنعاود الاتصال بك، أو صفر للموظف.",
      hold: "لحظة من فضلك.",
      apology: "عذراً، لا أستطيع سماعك الآن. اضغط واحد للتأكيد، أو اثنين لموعد آخر، أو صفر للموظف.",
      reconnected: "شكراً لانتظارك، أستطيع سماعك من جديد.",
      "still-there": "هل ما زلت معي؟ يمكنك التحدث أو الضغط على زر.",
      "silence-goodbye": "لا أستطيع سماعك، لذلك سأنهي المكالمة. شكراً لك، مع السلامة.",
      goodbye: "شكراً لوقتك. مع السلامة.",
      "recording-announcement": "هذه المكالمة مسجلة.",
      voicemail:
        `مرحباً، معك المساعد الآلي في ${arabicName}، وهذه رسالة بخصوص موعد. ` +
        `نرجو معاودة الاتصال بنا على الرقم ${spokenNumber(phoneNumber, "ar-XA")}. ` +
        `مرة أخرى: ${spokenNumber(phoneNumber, "ar-XA")}. ويمكنك على الرقم نفسه أن تطلب عدم الاتصال بك مجدداً. شكراً لك، مع السلامة.`,
      screening: `معك المساعد الآلي في ${arabicName}، والاتصال بخصوص موعد.`,
      emergency:
        `إن كانت هذه حالة طارئة فأغلق الخط الآن واتصل بالرقم ${spokenNumber(emergencyNumber, "ar-XA")}. ` +
        "وإلا فابق على الخط، سأصلك بموظف.",
      "identity-ask": "أدخل تاريخ ميلادك من فضلك: رقمان للشهر، ورقمان لليوم، وأربعة أرقام للسنة.",
      "identity-again": "لم ينجح ذلك. أدخل تاريخ ميلادك مرة أخرى: الشهر، ثم اليوم، ثم أربعة أرقام للسنة.",
      "identity-failed": "لم أتمكن من التحقق. اضغط صفر للتحدث إلى موظف.",
    },
  },
};
