-- What Tillypad's task writes into its own log when it fires; the twin of `tgn_task.read_log`. It only inserts: nothing that a run reads is
-- changed. Parameters: the task, the time. Locks: the database's write lock.

--! add_unread
-- Nobody has served the task's signals for half an hour: the program doesn't start, or ends before it gets there. The next run that does
-- ends this cause. Words of a bot that the task had before say nothing.
insert into task_message (task_id, cause, text, patience_ms, first_utc, last_utc)
select :task, 'word_unread', :text, 0, :now, :now
where exists (
  select 1 from wake
  where task_id = :task and kind <> 'run' and served_utc is null and made_utc <= :unreadBefore
    and bot_id = (select bot_id from wake where task_id = :task order by wake_no desc limit 1))
  and not exists (select 1 from task_message where task_id = :task and cause = 'word_unread' and ended_utc is null);

--! due
select message_no as messageNo, text from task_message m
where m.task_id in (:task, '*')
  and (m.patience_ms = 0 or (m.ended_utc is null and m.last_utc - m.first_utc >= m.patience_ms))
  and not exists (select 1 from task_told t where t.message_no = m.message_no and t.task_id = :task)
order by m.message_no;

--! told
insert into task_told (message_no, task_id, told_utc) values (:messageNo, :task, :now);
