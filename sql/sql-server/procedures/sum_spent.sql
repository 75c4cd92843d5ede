-- Segments spent on invitations since two instants; what is on its way or in doubt is spent. Called by read_spent and advance_invitations.
-- Parameters: the bot; @day_from, @month_from. Output: @day, @month. Takes no lock that outlives a row's reading.
DROP PROCEDURE IF EXISTS tgn.sum_spent;
GO
CREATE PROCEDURE tgn.sum_spent
  @bot_id bigint,
  @day_from datetime2(3),
  @month_from datetime2(3),
  @day int OUTPUT,
  @month int OUTPUT
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @from datetime2(3);
  SET @from = CASE WHEN @day_from < @month_from THEN @day_from ELSE @month_from END;
  SELECT @day = COALESCE(SUM(CASE WHEN v.sent_utc >= @day_from THEN v.segments ELSE 0 END), 0), @month = COALESCE(SUM(v.segments), 0)
  FROM tgn.invitation v
  WHERE v.state IN ('sending', 'accepted', 'in_doubt') AND v.bot_id = @bot_id AND v.sent_utc >= @from
  OPTION (MAXDOP 1);
END;
GO
