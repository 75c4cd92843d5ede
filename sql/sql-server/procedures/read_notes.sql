-- Notes of live customers that say something else than when they were last judged or written; text as stored, blanks alone are null.
-- The newest note of a customer counts: nothing keeps a «unique» note unique. Parameters: @bot_id (0: as if nothing had been judged), @note_type, its
-- name, @limit. Result: customer_id, text, noted and the subscription's columns, null where there is none. Nothing at all when a note is locked by
-- somebody who writes it: its absence would be taken for its removal. Takes no lock that outlives it.
DROP PROCEDURE IF EXISTS tgn.read_notes;
GO
CREATE PROCEDURE tgn.read_notes
  @bot_id bigint,
  @note_type nvarchar(400),
  @limit int
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  CREATE TABLE #newest (customer_id uniqueidentifier NOT NULL PRIMARY KEY, text nvarchar(4000) COLLATE Latin1_General_BIN2 NULL);
  CREATE TABLE #changed (
    customer_id uniqueidentifier NOT NULL PRIMARY KEY, text nvarchar(4000) COLLATE Latin1_General_BIN2 NULL,
    noted nvarchar(4000) COLLATE Latin1_General_BIN2 NULL
  );
  BEGIN TRY
    INSERT INTO #newest (customer_id, text)
    SELECT p.customer_id, p.text
    FROM (
      SELECT n.customer_id, n.text, ROW_NUMBER() OVER (
        PARTITION BY n.customer_id ORDER BY CASE WHEN n.noted_at IS NULL THEN 1 ELSE 0 END, n.noted_at DESC, CAST(n.note_id AS char(36)) DESC
      ) AS place
      FROM tgn.note n JOIN tgn.note_type t ON t.note_type_id = n.note_type_id
      WHERE t.name = @note_type
    ) p
    WHERE p.place = 1
    OPTION (MAXDOP 1);
    INSERT INTO #changed (customer_id, text, noted)
    SELECT TOP (@limit) h.customer_id, h.text, h.noted
    FROM (
      SELECT n.customer_id, n.text, m.noted
      FROM #newest n LEFT JOIN tgn.note_mirror m ON m.bot_id = @bot_id AND m.customer_id = n.customer_id
      WHERE NOT (n.text IS NULL AND m.noted IS NULL) AND (n.text IS NULL OR m.noted IS NULL OR n.text + N'|' <> m.noted + N'|')
      UNION ALL
      SELECT m.customer_id, NULL, m.noted
      FROM tgn.note_mirror m
      WHERE m.bot_id = @bot_id AND m.noted IS NOT NULL AND NOT EXISTS (SELECT 1 FROM #newest n WHERE n.customer_id = m.customer_id)
    ) h
    JOIN tgn.customer c ON c.customer_id = h.customer_id AND c.live = 1
    ORDER BY CAST(h.customer_id AS char(36))
    OPTION (MAXDOP 1);
  END TRY
  BEGIN CATCH
    IF ERROR_NUMBER() <> 1222 THROW;
    DELETE FROM #changed;
  END CATCH;
  SELECT h.customer_id, h.text, h.noted, s.chat_id, s.state, s.origin, s.epoch
  FROM #changed h LEFT JOIN tgn.subscription s ON s.bot_id = @bot_id AND s.customer_id = h.customer_id
  ORDER BY CAST(h.customer_id AS char(36));
END;
GO
