import type { Language } from '../../core/glossary.ts';
import { say } from './say.ts';
import type { Sentence } from './say.ts';

export interface RotatedKey {
  readonly file: string;
  readonly number: number;
  readonly fingerprint: string;
  readonly revokedOld: boolean;
}

export const KEYS_TEXTS = {
  rotated: {
    en: 'New links are signed with key no. {number} ({fingerprint}) in {file}.',
    ru: 'Новые ссылки подписываются ключом № {number} ({fingerprint}) в {file}.',
  },
  kept: { en: 'Links sent before go on working.', ru: 'Отправленные раньше ссылки продолжают действовать.' },
  revoked: {
    en: 'Links sent before no longer work; the subscribed stay subscribed.',
    ru: 'Отправленные раньше ссылки больше не действуют; подписанные остаются подписанными.',
  },
  hosts: {
    en: 'Copy the file to every other host that runs this program, and to where you keep a copy: with the old file runs end with 2.',
    ru: 'Скопируйте файл на все другие машины, где запускается программа, и туда, где храните копию: со старым файлом запуски завершаются с кодом 2.',
  },
} satisfies Record<string, Sentence>;

export function renderRotated({ file, number, fingerprint, revokedOld }: RotatedKey, language: Language): string {
  return [
    say(KEYS_TEXTS.rotated, language, { number: String(number), fingerprint, file }),
    say(revokedOld ? KEYS_TEXTS.revoked : KEYS_TEXTS.kept, language),
    say(KEYS_TEXTS.hosts, language),
  ].join('\n');
}
