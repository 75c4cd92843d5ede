-- Who and what a page of updates is about. Parameters: the bot, customers and chats as JSON arrays. Takes no lock.

--! chats_of
select distinct chat_id as chatId from subscription where bot_id = :bot and customer_id in (select value from json_each(:customers));

--! subscriptions
select customer_id as customerId, chat_id as chatId, state, origin, epoch from subscription indexed by ix_subscription_chat
where bot_id = :bot and chat_id in (select value from json_each(:chats)) order by customer_id;

--! chats
select chat_id as chatId, language from chat where bot_id = :bot and chat_id in (select value from json_each(:chats)) order by chat_id;

--! customers
select customer_id as customerId, name as customerName, group_id as groupId, group_name as groupName, live from customer
where customer_id in (select value from json_each(:customers)) order by customer_id;
