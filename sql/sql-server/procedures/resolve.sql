-- Turns deliveries in doubt into delivered, refused or planned again, as a person says. What was written before stays readable: a row may come
-- into doubt twice. Parameters: the bot; @rows, or @all; @state delivered | refused | planned; @code, of a refusal; @resolved, who and why.
-- Result: n, how many were in doubt. Locks: these rows.
DROP PROCEDURE IF EXISTS tgn_admin.resolve;
GO
CREATE PROCEDURE tgn_admin.resolve
  @bot_id bigint,
  @rows tgn.number_list_1 READONLY,
  @all bit,
  @state varchar(10),
  @code varchar(20),
  @resolved nvarchar(400)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @now datetime2(3), @n int;
  CREATE TABLE #row (no bigint NOT NULL PRIMARY KEY);
  INSERT INTO #row (no) SELECT no FROM @rows;
  SELECT @now = now_utc FROM tgn.clock;
  UPDATE tgn.delivery SET state = @state, reason = @code, repeat = CASE WHEN @state = 'planned' THEN 1 ELSE repeat END, not_before_utc = NULL,
    run_no = CASE WHEN @state = 'planned' THEN NULL ELSE run_no END, changed_utc = @now,
    resolved = LEFT(CASE WHEN resolved IS NULL THEN N'' ELSE resolved + N' | ' END + @resolved, 400)
  WHERE state = 'in_doubt' AND bot_id = @bot_id AND (@all = 1 OR delivery_no IN (SELECT no FROM #row))
    AND @state IN ('delivered', 'refused', 'planned');
  SET @n = @@ROWCOUNT;
  EXEC tgn.flush_log;
  SELECT @n AS n;
END;
GO
