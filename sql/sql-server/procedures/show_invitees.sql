-- The invitees of #invitee with what read_persons has filled in and what the ledger knows of them. Called by the same three, as their last act.
-- Parameters: the bot, the time. Result: the invitees by their no: row_no (the invitation that is being sent, which is no part of its own past; 0
-- without one), task_id, number, invitation_segments, tries (null without one), customer_id, is_known (0: deleted for good), customer_name, group_id,
-- group_name, live, language, phones_xml, profile_phone, may_invite, noted, consented, subscription, epoch, operation_id, date, operations, sent,
-- last_at, segments, waiting (an SMS that a person knows was never sent is no invitation); then their phones of the newest generation: customer_id, phone. Those who are stuck are left out. Takes no lock of its own.
DROP PROCEDURE IF EXISTS tgn.show_invitees;
GO
CREATE PROCEDURE tgn.show_invitees
  @bot_id bigint,
  @now datetime2(3)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @year_from datetime2(3);
  SET @year_from = DATEADD(day, -365, @now);
  DELETE i FROM #invitee i WHERE EXISTS (SELECT 1 FROM #stuck s WHERE s.customer_id = i.customer_id);

  SELECT i.row_no, v.task_id, v.number, v.segments AS invitation_segments, v.tries, i.customer_id,
    CAST(CASE WHEN p.customer_id IS NULL THEN 0 ELSE 1 END AS bit) AS is_known, p.name AS customer_name, p.group_id, p.group_name, p.live, h.language,
    p.phones_xml, p.profile_phone, p.may_invite, p.noted, p.consented, s.state AS subscription, COALESCE(s.epoch, 0) AS epoch, i.operation_id,
    CONVERT(varchar(23), i.date, 121) AS date, i.operations, COALESCE(w.sent, 0) AS sent, w.last_at, COALESCE(w.segments, 0) AS segments,
    CAST(COALESCE(w.waiting, 0) AS bit) AS waiting
  FROM #invitee i
  LEFT JOIN #person p ON p.customer_id = i.customer_id
  LEFT JOIN tgn.invitation v ON v.invitation_no = i.row_no
  LEFT JOIN tgn.subscription s ON s.bot_id = @bot_id AND s.customer_id = i.customer_id
  LEFT JOIN tgn.chat h ON h.bot_id = @bot_id AND h.chat_id = s.chat_id
  LEFT JOIN (
    SELECT k.customer_id, SUM(CASE WHEN x.state IN ('sending', 'accepted', 'in_doubt') OR (x.state = 'refused' AND x.reason <> 'by_hand') THEN 1 ELSE 0 END) AS sent,
      MAX(CASE WHEN x.state IN ('sending', 'accepted', 'in_doubt') OR (x.state = 'refused' AND x.reason <> 'by_hand') THEN x.sent_utc END) AS last_at,
      SUM(CASE WHEN x.state IN ('sending', 'accepted', 'in_doubt') AND x.sent_utc > @year_from THEN x.segments ELSE 0 END) AS segments,
      MAX(CASE WHEN x.state IN ('planned', 'sending') THEN 1 ELSE 0 END) AS waiting
    FROM #invitee k JOIN tgn.invitation x ON x.bot_id = @bot_id AND x.customer_id = k.customer_id
    WHERE x.invitation_no <> k.row_no
    GROUP BY k.customer_id
  ) w ON w.customer_id = i.customer_id
  ORDER BY i.no
  OPTION (MAXDOP 1);
  SELECT h.customer_id, h.phone FROM #invitee i JOIN #phone h ON h.customer_id = i.customer_id ORDER BY i.no, h.id_text;
END;
GO
