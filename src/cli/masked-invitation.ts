import type { BotId, Language } from '../core/glossary.ts';
import { maskName, maskPhone } from '../core/mask.ts';
import { plainText } from '../core/multilingual.ts';
import type { InvitationStory } from '../ports/invitations.ts';

/** One invitation as a list shows it: name and number are masked, `explain` shows whose they are. */
export interface MaskedInvitation extends Omit<InvitationStory, 'customerName'> {
  readonly bot: BotId;
  readonly guest: string;
}

export function maskInvitation(bot: BotId, { customerName, number, ...story }: InvitationStory, language: Language): MaskedInvitation {
  return { bot, ...story, guest: maskName(plainText(customerName, language)), number: number === null ? null : maskPhone(number) };
}
