import type { Channel } from '../ports/channel.ts';
import type { VirtualClock } from './clock.ts';

/** Tells the virtual clock of every call that is under way, so that time stands still meanwhile. */
export function trackChannel(channel: Channel, clock: VirtualClock): Channel {
  return {
    identify: () => clock.track(channel.identify()),
    pull: (offset) => clock.track(channel.pull(offset)),
    send: (message, mayBegin) => clock.track(channel.send(message, mayBegin)),
    readWebhook: () => clock.track(channel.readWebhook()),
    deleteWebhook: () => clock.track(channel.deleteWebhook()),
    setCommands: (commands, language) => clock.track(channel.setCommands(commands, language)),
    close: () => channel.close(),
  };
}
