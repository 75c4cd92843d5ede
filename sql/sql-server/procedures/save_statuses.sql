-- Keeps what the operator says of invitations it accepted. Parameters: @bot_id, @run_no, @statuses. Result: answer saved | lock_lost. Locks: the rows
-- written.
DROP PROCEDURE IF EXISTS tgn.save_statuses;
GO
CREATE PROCEDURE tgn.save_statuses
  @bot_id bigint,
  @run_no int,
  @statuses tgn.status_list_1 READONLY
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @held bit, @now datetime2(3), @wall datetime;
  BEGIN TRANSACTION;
  EXEC tgn.prove_lock @bot_id, @run_no, @held OUTPUT, @now OUTPUT, @wall OUTPUT;
  IF @held = 0
  BEGIN
    ROLLBACK TRANSACTION;
    SELECT 'lock_lost' AS answer;
    RETURN;
  END;
  UPDATE v SET status = s.status, status_code = s.code, status_utc = @now, cost = COALESCE(s.cost, v.cost),
    awaits = CASE WHEN s.status IN ('pending', 'unknown') THEN 1 ELSE 0 END
  FROM tgn.invitation v JOIN @statuses s ON s.invitation_no = v.invitation_no
  WHERE v.bot_id = @bot_id AND v.state = 'accepted' AND v.gateway_id = s.gateway_id;
  COMMIT TRANSACTION;
  SELECT 'saved' AS answer;
END;
GO
