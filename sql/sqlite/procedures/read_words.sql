-- Words for the bot: rows that ask the lock's holder to look. Parameter: the bot. Takes no lock.

--! words
-- The number is of any bot's newest word: it is only compared, and so it is read at the table's end whatever its size.
select
  (select coalesce(max(wake_no), 0) from wake) as wakeNo,
  (select max(made_utc) from wake where bot_id = :bot and kind = 'event' and served_utc is null) as eventAt;

--! newer
select exists (select 1 from wake where wake_no > :served and bot_id = :bot) as newer;
