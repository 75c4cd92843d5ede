-- Accepted invitations whose fate isn't known yet, those longest not asked about first. Parameters: the bot, the operator (@gateway), @since when they
-- were sent, @limit. Result: row_no, gateway, gateway_id. Takes no lock that outlives it.
DROP PROCEDURE IF EXISTS tgn.read_open_invitations;
GO
CREATE PROCEDURE tgn.read_open_invitations
  @bot_id bigint,
  @gateway varchar(20),
  @since datetime2(3),
  @limit int
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  SELECT TOP (@limit) invitation_no AS row_no, gateway, gateway_id FROM tgn.invitation
  WHERE awaits = 1 AND bot_id = @bot_id AND gateway = @gateway AND sent_utc >= @since
  ORDER BY CASE WHEN status_utc IS NULL THEN 0 ELSE 1 END, status_utc, invitation_no
  OPTION (MAXDOP 1);
END;
GO
