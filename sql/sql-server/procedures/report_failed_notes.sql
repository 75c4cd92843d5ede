-- Notes that couldn't be written: the subscription stands in the ledger all the same, Tillypad's card doesn't show it yet. Parameters: @rows (100),
-- @bot_id (null: all bots). Result, the most often tried first: bot_id, customer_id, wanted (the chat that the note is to hold, null: it is to be
-- empty), noted (what it holds as far as we know), failures, failure.
-- Locks: none that outlast a row's reading.
DROP PROCEDURE IF EXISTS tgn_report.failed_notes;
GO
CREATE PROCEDURE tgn_report.failed_notes
  @rows int = 100,
  @bot_id bigint = NULL
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  SELECT TOP (@rows) bot_id, customer_id, wanted, noted, failures, failure
  FROM tgn.note_mirror
  WHERE pending = 1 AND failures > 0 AND (@bot_id IS NULL OR bot_id = @bot_id)
  ORDER BY failures DESC, bot_id, customer_id
  OPTION (MAXDOP 1);
END;
GO
