-- Writes down what a person knows of SMS in doubt: that they went out, or never did. None is ever sent again; one that never went out counts neither in
-- the caps nor as an invitation. Parameters: the bot; @rows, or @all; @state accepted | refused; @resolved, who and why. Result: n, how many were in
-- doubt. Locks: these rows.
DROP PROCEDURE IF EXISTS tgn_admin.resolve_invitations;
GO
CREATE PROCEDURE tgn_admin.resolve_invitations
  @bot_id bigint,
  @rows tgn.number_list_1 READONLY,
  @all bit,
  @state varchar(10),
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
  UPDATE tgn.invitation SET state = @state, reason = 'by_hand', changed_utc = @now,
    resolved = LEFT(CASE WHEN resolved IS NULL THEN N'' ELSE resolved + N' | ' END + @resolved, 400)
  WHERE state = 'in_doubt' AND bot_id = @bot_id AND (@all = 1 OR invitation_no IN (SELECT no FROM #row)) AND @state IN ('accepted', 'refused');
  SET @n = @@ROWCOUNT;
  EXEC tgn.flush_log;
  SELECT @n AS n;
END;
GO
