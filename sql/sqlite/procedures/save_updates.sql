-- One judged page of updates, in one transaction of our own tables with the offset, so that what Telegram may forget is durable here.
-- Parameters: the bot, the page's rows, the time. Locks: the database's write lock.

--! offset
update bot set offset = :offset where bot_id = :bot;

--! poll
update bot set polled_utc = :now where bot_id = :bot;

--! subscription
insert into subscription (bot_id, customer_id, chat_id, state, origin, epoch, changed_utc)
values (:bot, :customerId, :chatId, :state, :origin, :epoch, :now)
on conflict (bot_id, customer_id) do update set
  chat_id = excluded.chat_id, state = excluded.state, origin = excluded.origin, epoch = excluded.epoch, changed_utc = excluded.changed_utc;

--! chat
insert into chat (bot_id, chat_id, language) values (:bot, :chatId, :language)
on conflict (bot_id, chat_id) do update set language = excluded.language;

--! refused
-- A page that Telegram hands out twice is refused once.
insert into refused_link (bot_id, chat_id, update_id, reason, customer_id, at_utc) values (:bot, :chatId, :updateId, :reason, :customerId, :now)
on conflict (bot_id, update_id) do nothing;

--! forgers
select count(distinct chat_id) as chats from refused_link indexed by ix_refused_link_at
where bot_id = :bot and at_utc >= :since and reason = 'forged';
