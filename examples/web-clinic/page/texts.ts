import type { ClinicView } from "@clinic/sip-voice/web";

type Language = ClinicView["language"];

/** Everything that the page says, in one language. */
export interface PageTexts {
  /** For the `lang` and `dir` of the page. */
  readonly lang: string;
  readonly dir: "ltr" | "rtl";
  /** The language's own name. */
  readonly ownName: string;
  /** For numbers, in the digits that the agent's words have. */
  readonly locale: string;
  readonly clinicName: string;
  readonly languageGroup: string;
  readonly intro: string;
  readonly aiNotice: string;
  readonly talk: string;
  readonly talkAgain: string;
  readonly connecting: string;
  readonly waiting: string;
  readonly listening: string;
  readonly speaking: string;
  readonly reconnecting: string;
  readonly transferring: string;
  readonly transferFailed: string;
  readonly modelLost: string;
  readonly ended: string;
  readonly microphoneDenied: string;
  readonly mute: string;
  readonly unmute: string;
  readonly end: string;
  readonly appointment: string;
  readonly with: string;
  readonly clinicTime: string;
  readonly confirm: string;
  readonly reschedule: string;
  readonly cancel: string;
  readonly slots: string;
  readonly slotsHint: string;
  readonly help: string;
  readonly operator: string;
  readonly callBack: string;
  readonly callBackNoted: string;
  readonly optOut: string;
  readonly optedOut: string;
  readonly sureToCancel: string;
  readonly sureToOptOut: string;
  readonly yes: string;
  readonly no: string;
  readonly status: Readonly<Record<NonNullable<ClinicView["appointment"]>["status"], string>>;
  readonly notice: Readonly<Record<NonNullable<ClinicView["notice"]>, string>>;
  readonly failure: Readonly<Record<"no-link" | "link-expired" | "unreachable" | "lost", string>>;
}

/** The page's words. */
export const texts: Readonly<Record<Language, PageTexts>> = {
  "ar-XA": {
    lang: "ar",
    dir: "rtl",
    ownName: "العربية",
    locale: "ar",
    clinicName: "عيادة ريفرسايد",
    languageGroup: "اللغة",
    intro: "تحدّث معنا عن موعدك",
    aiNotice: "يجيبك مساعد آلي يعمل بالذكاء الاصطناعي. يمكنك طلب التحدث إلى موظف في أي وقت.",
    talk: "ابدأ المحادثة",
    talkAgain: "تحدّث مرة أخرى",
    connecting: "جارٍ الاتصال…",
    waiting: "لحظة، سيجيبك المساعد حالاً…",
    listening: "تفضّل، نحن نسمعك",
    speaking: "المساعد يتحدث",
    reconnecting: "انقطع الاتصال، نحاول من جديد…",
    transferring: "نصلك الآن بموظف…",
    transferFailed: "لم يتمكن أحد من الرد. يمكنك أن تطلب أن نعاود الاتصال بك.",
    modelLost: "لا يستطيع المساعد سماعك الآن، لكن الأزرار تعمل.",
    ended: "انتهت المحادثة",
    microphoneDenied: "الميكروفون غير متاح. يمكنك الاستماع واستخدام الأزرار.",
    mute: "كتم الصوت",
    unmute: "إلغاء الكتم",
    end: "إنهاء",
    appointment: "موعدك",
    with: "مع",
    clinicTime: "بتوقيت العيادة",
    confirm: "تأكيد الموعد",
    reschedule: "موعد آخر",
    cancel: "إلغاء الموعد",
    slots: "مواعيد متاحة",
    slotsHint: "اختر الموعد الذي يناسبك",
    help: "مساعدة أخرى",
    operator: "التحدث إلى موظف",
    callBack: "عاودوا الاتصال بي",
    callBackNoted: "سنعاود الاتصال بك",
    optOut: "لا تتصلوا بي بعد الآن",
    optedOut: "لن نتصل بك بعد الآن",
    sureToCancel: "هل تريد إلغاء موعدك؟",
    sureToOptOut: "ألّا نتصل بك بعد الآن؟ ستنتهي المحادثة.",
    yes: "نعم",
    no: "لا، رجوع",
    status: {
      booked: "محجوز",
      confirmed: "مؤكّد",
      "reschedule-requested": "بانتظار موعد جديد",
      cancelled: "ملغى",
    },
    notice: {
      "not-stored": "عذراً، لم نتمكن من حفظ ذلك. حاول مرة أخرى أو تحدث إلى موظف.",
      "slot-taken": "عذراً، حُجز هذا الموعد للتو. اختر موعداً آخر.",
      "no-slots": "لا توجد مواعيد متاحة حالياً. تحدث إلى موظف من فضلك.",
    },
    failure: {
      "no-link": "افتح هذه الصفحة من الرابط الموجود في رسالة العيادة.",
      "link-expired": "انتهت صلاحية هذا الرابط. اطلب من العيادة رابطاً جديداً.",
      unreachable: "تعذّر الاتصال بالعيادة. تحقق من الإنترنت وحاول مرة أخرى.",
      lost: "انقطع الاتصال. يمكنك أن تبدأ من جديد.",
    },
  },
  "en-US": {
    lang: "en",
    dir: "ltr",
    ownName: "English",
    locale: "en-US",
    clinicName: "Riverside Family Clinic",
    languageGroup: "Language",
    intro: "Talk with us about your appointment",
    aiNotice: "An automated assistant (AI) answers. You can ask for a person at any time.",
    talk: "Start talking",
    talkAgain: "Talk again",
    connecting: "Connecting…",
    waiting: "One moment, the assistant is coming…",
    listening: "Go ahead, we can hear you",
    speaking: "The assistant is speaking",
    reconnecting: "The connection broke, trying again…",
    transferring: "Connecting you with a person…",
    transferFailed: "Nobody could take the call. You can ask us to call you back.",
    modelLost: "The assistant can't hear you right now. The buttons work.",
    ended: "The conversation has ended",
    microphoneDenied: "No microphone. You can listen and use the buttons.",
    mute: "Mute",
    unmute: "Unmute",
    end: "End",
    appointment: "Your appointment",
    with: "with",
    clinicTime: "clinic's time",
    confirm: "Confirm",
    reschedule: "Another time",
    cancel: "Cancel appointment",
    slots: "Free times",
    slotsHint: "Choose the time that suits you",
    help: "Something else",
    operator: "Talk to a person",
    callBack: "Call me back",
    callBackNoted: "We will call you back",
    optOut: "Stop calling me",
    optedOut: "You will not be called again",
    sureToCancel: "Do you want to cancel your appointment?",
    sureToOptOut: "Shall we never call you again? The conversation will end.",
    yes: "Yes",
    no: "No, go back",
    status: {
      booked: "Booked",
      confirmed: "Confirmed",
      "reschedule-requested": "New time wanted",
      cancelled: "Cancelled",
    },
    notice: {
      "not-stored": "Sorry, we could not save that. Try again or talk to a person.",
      "slot-taken": "Sorry, that time has just been taken. Choose another one.",
      "no-slots": "There are no free times right now. Please talk to a person.",
    },
    failure: {
      "no-link": "Open this page with the link in the clinic's message.",
      "link-expired": "This link has expired. Ask the clinic for a new one.",
      unreachable: "The clinic could not be reached. Check your connection and try again.",
      lost: "The connection was lost. You can start again.",
    },
  },
};
