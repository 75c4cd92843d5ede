-- What the ledger remembers of tasks. Parameters: @bot_id, @tasks. Result: a row for each task that it knows, in no order.
-- Takes no lock that outlives it.
DROP PROCEDURE IF EXISTS tgn.read_tasks;
GO
CREATE PROCEDURE tgn.read_tasks
  @bot_id bigint,
  @tasks tgn.text_list_1 READONLY
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  -- A set comes in without statistics, and its plan would be tied to the first caller's: it is copied first, here and wherever one comes in.
  CREATE TABLE #asked (item varchar(100) COLLATE Latin1_General_BIN2 NOT NULL PRIMARY KEY);
  INSERT INTO #asked (item) SELECT item FROM @tasks;
  SELECT
    t.task_id, CONVERT(varchar(23), t.watermark, 121) AS watermark, t.first_look_done,
    CONVERT(varchar(23), t.overlap_look_at, 121) AS overlap_look_at, CONVERT(varchar(23), t.deep_look_at, 121) AS deep_look_at,
    CONVERT(varchar(23), t.brake_held_at, 121) AS brake_held_at
  FROM tgn.task t
  WHERE t.bot_id = @bot_id AND t.task_id IN (SELECT item FROM #asked);
END;
GO
