-- Keeps what the logs of Tillypad's tasks are to say, in one transaction. Parameters: the task ('*' = every one), the cause, its text and
-- patience, the time. Locks: the database's write lock; the bot's lock is not needed, as no run reads these rows.

--! go_on
update task_message set last_utc = :now, text = :text where task_id = :task and cause = :cause and ended_utc is null;

--! come_back
-- What was over for less than an hour is the same trouble. With patience it begins anew, or two short ones would look like a long one.
update task_message set last_utc = :now, text = :text, ended_utc = null
where patience_ms = 0 and message_no = (
  select message_no from task_message
  where task_id = :task and cause = :cause and ended_utc > :backSince order by message_no desc limit 1);

--! begin
insert into task_message (task_id, cause, text, patience_ms, first_utc, last_utc) values (:task, :cause, :text, :patience, :now, :now);

--! end
update task_message set ended_utc = :now
where ended_utc is null and task_id in (select value from json_each(:complete))
  and not exists (select 1 from json_each(:named) n where n.value ->> 0 = task_id and n.value ->> 1 = cause);

--! forget
delete from task_message where ended_utc < :forgetBefore;

--! forget_told
delete from task_told where message_no not in (select message_no from task_message);
