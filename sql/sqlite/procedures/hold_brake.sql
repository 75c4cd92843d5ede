-- The brake stopped: what it holds doesn't age from then on. Parameters: bot, task, wall clock. Locks: the database's write lock.

--! hold
update task set brake_held_at = coalesce(brake_held_at, :at) where bot_id = :bot and task_id = :task;
