-- Ends the run in one transaction: its row, and the words that it has served. Parameters: the run, what it came to, the newest word it served.
-- The question for newer words (read_words) comes after unlocking: in any other order a word can fall between two runs.

--! serve_words
update wake set served_utc = :now where bot_id = :bot and wake_no <= :served and served_utc is null;

--! finish
update run set finished_utc = :now, heartbeat_utc = :now, exit_code = :exitCode, summary = :summary where run_no = :runNo;
