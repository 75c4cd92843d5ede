-- Makes what only this installation knows, once: the ledger's place and link key, the note type that holds a guest's chat id (the only row that is
-- added to Tillypad's own tables), and the pause. An older ledger keeps its place and its key: a copy must not become a site of its own by an
-- upgrade. Parameters: @key_fingerprint; @paused, bots start out paused; @note_type, its name. Result: two sets: step, did; then notes, how many
-- customers have a filled note. Locks: the rows written.
DROP PROCEDURE IF EXISTS tgn_admin.found_place;
GO
CREATE PROCEDURE tgn_admin.found_place
  @key_fingerprint varchar(100),
  @paused bit,
  @note_type nvarchar(400)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @place bit, @type bit, @pause bit, @rows int;
  SELECT @place = 0, @type = 0, @pause = 0, @rows = 0;
  -- Whoever writes in Tillypad's tables signs on first, where the site has that; without it the note type may be made all the same.
  IF NOT EXISTS (SELECT 1 FROM tgn.note_type WHERE name = @note_type) AND EXISTS (SELECT 1 FROM tgn.site WHERE name = 'logon' AND value = N'yes')
  BEGIN TRY
    EXEC dbo.tpsrv_logon;
  END TRY
  BEGIN CATCH
    SET @rows = 0;
  END CATCH;
  BEGIN TRANSACTION;
  IF NOT EXISTS (SELECT 1 FROM tgn.place)
  BEGIN
    INSERT INTO tgn.place (only_row, installation_id, bound_to, key_fingerprint, paused) SELECT 1, NEWID(), place, @key_fingerprint, 0 FROM tgn.here;
    SET @place = 1;
  END;
  IF NOT EXISTS (SELECT 1 FROM tgn.note_type WHERE name = @note_type)
  BEGIN
    EXEC tgn.add_note_type @note_type;
    SET @type = 1;
  END;
  IF @paused = 1
  BEGIN
    UPDATE tgn.place SET paused = 1 WHERE paused = 0;
    SET @rows = @@ROWCOUNT;
    UPDATE tgn.bot SET paused_until_utc = CONVERT(datetime2(3), '9999-12-31T23:59:59', 126)
    WHERE paused_until_utc IS NULL OR paused_until_utc < CONVERT(datetime2(3), '9999-12-31T23:59:59', 126);
    SET @pause = CASE WHEN @rows + @@ROWCOUNT > 0 THEN 1 ELSE 0 END;
  END;
  COMMIT TRANSACTION;
  SELECT s.step, s.did
  FROM (SELECT 1 AS no, N'place' AS step, @place AS did UNION ALL SELECT 2, N'note_type', @type UNION ALL SELECT 3, N'paused', @pause) s
  WHERE s.no < 3 OR @paused = 1
  ORDER BY s.no;
  SELECT COUNT(*) AS notes
  FROM (
    SELECT n.customer_id, n.text, ROW_NUMBER() OVER (
      PARTITION BY n.customer_id ORDER BY CASE WHEN n.noted_at IS NULL THEN 1 ELSE 0 END, n.noted_at DESC, CAST(n.note_id AS char(36)) DESC
    ) AS place
    FROM tgn.note n JOIN tgn.note_type t ON t.note_type_id = n.note_type_id
    WHERE t.name = @note_type
  ) p
  JOIN tgn.customer c ON c.customer_id = p.customer_id AND c.live = 1
  WHERE p.place = 1 AND p.text IS NOT NULL;
END;
GO
