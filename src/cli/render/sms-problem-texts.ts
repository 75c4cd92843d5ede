import type { Sentence } from './say.ts';

/** What can be wrong with the settings of invitations, and what to do about it. */
export const SMS_PROBLEM_TEXTS = {
  bad_day_hours: {
    en: '«{value}» is not a span of hours of one day. Write it like 9-22; invitations never go over midnight.',
    ru: '«{value}» – не промежуток часов одного дня. Пишите, например, 9-22; через полночь приглашения не идут.',
  },
  bad_country: {
    en: '«{value}» is no country. Write its two letters: RU, BY, KZ.',
    ru: '«{value}» – не страна. Укажите две латинские буквы: RU, BY, KZ.',
  },
  bad_sender: {
    en: '«{value}» can’t be a sender name. Write at most 11 Latin letters, digits and signs, exactly as the operator approved it.',
    ru: '«{value}» не может быть именем отправителя. Укажите до 11 латинских букв, цифр и знаков – точно как согласовано у оператора.',
  },
  sms_key_missing: {
    en: 'Invitations are to go by {operator}, and its secret is not set. Write sms.token for pushsms, sms.apiKey for the others (task parameters PushToken, ApiKey), or sms.operator: off.',
    ru: 'Приглашения должны идти через {operator}, а его секрет не задан. Укажите sms.token для pushsms, sms.apiKey для остальных (в задаче «ТОКЕН», «API-ключ») или sms.operator: off.',
  },
  sms_text_too_long: {
    en: 'The invitation {text} takes {segments, plural, one {# segment} other {# segments}} ({units} characters with the restaurant’s name and the link), and sms.maxSegments is {max}. Shorten the text or the name, or raise sms.maxSegments: each segment is paid for.',
    ru: 'Приглашение {text} занимает {segments, plural, one {# сегмент} few {# сегмента} many {# сегментов} other {# сегмента}} ({units} зн. с названием ресторана и ссылкой), а sms.maxSegments – {max}. Сократите текст или название либо увеличьте sms.maxSegments: платится каждый сегмент.',
  },
  sms_late_hour: {
    en: '{value} is before the end of sms.hours. Write at least {min}.',
    ru: '{value} – раньше конца sms.hours. Укажите не меньше {min}.',
  },
  sms_consent_twice: {
    en: 'Consent is proved by a note or by a group, not by both. Write off for one of them.',
    ru: 'Согласие доказывает либо заметка, либо группа. Для одной из них укажите off.',
  },
  sms_no_country: {
    en: 'Without a country nobody can be invited. Write RU, or sms.operator: off.',
    ru: 'Без страны приглашать некого. Укажите RU или sms.operator: off.',
  },
} satisfies Record<string, Sentence>;
