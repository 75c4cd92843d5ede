import type { Language } from '../../core/glossary.ts';
import { say } from './say.ts';
import type { Sentence } from './say.ts';

/** What an administrator can do about a certificate that was refused. Nothing switches the check off. */
const ADVICE = {
  untrusted: {
    en: 'The certificate was signed by nobody this machine trusts, so nothing was sent. If a proxy or an antivirus of your own opens TLS here, name its authority in telegram.ca or sms.ca; otherwise somebody stands in between.',
    ru: 'Сертификат подписан тем, кому эта машина не доверяет, поэтому ничего не отправлено. Если TLS здесь вскрывает ваш прокси или антивирус, укажите его сертификат в telegram.ca или sms.ca; иначе связь кто-то перехватывает.',
  },
  other_name: {
    en: 'The certificate is for another name, so nothing was sent. Check apiRoot, the proxy and the name servers; somebody may stand in between.',
    ru: 'Сертификат выдан на другое имя, поэтому ничего не отправлено. Проверьте apiRoot, прокси и DNS; возможно, связь кто-то перехватывает.',
  },
  expired: {
    en: 'The certificate is not valid today, so nothing was sent. Check the clock of this machine first; else whoever runs that server must renew it.',
    ru: 'Срок действия сертификата не подходит к сегодняшней дате, поэтому ничего не отправлено. Сначала проверьте часы этой машины; иначе сертификат должен обновить владелец сервера.',
  },
} satisfies Record<string, Sentence>;

/** OpenSSL's and Node's codes, which stand in a mishap's words. */
const CODES: readonly (readonly [RegExp, keyof typeof ADVICE])[] = [
  [/CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/, 'expired'],
  [/ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH/, 'other_name'],
  [
    /SELF_SIGNED_CERT|UNABLE_TO_(?:VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT)|CERT_(?:UNTRUSTED|REJECTED|SIGNATURE_FAILURE|REVOKED)|INVALID_CA|INVALID_PURPOSE/,
    'untrusted',
  ],
];

/** A sentence about the certificate that a mishap's words tell of; '' where they tell of none. */
export function certificateAdvice(detail: unknown, language: Language): string {
  const found = typeof detail === 'string' ? CODES.find(([pattern]) => pattern.test(detail)) : undefined;
  return found === undefined ? '' : say(ADVICE[found[1]], language);
}
