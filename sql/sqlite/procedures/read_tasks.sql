-- What the ledger remembers of tasks. Parameters: the bot, task ids as a JSON array. Takes no lock.

--! horizon
select pruned_to as horizon from bot where bot_id = :bot;

--! tasks
select
  task_id as taskId, watermark, first_look_done as firstLookDone,
  overlap_look_at as overlapLookAt, deep_look_at as deepLookAt, brake_held_at as brakeHeldAt
from task where bot_id = :bot and task_id in (select value from json_each(:tasks));
