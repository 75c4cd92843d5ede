-- Writes chat ids into Tillypad's notes. One customer a transaction; a failure is kept on the row, retried by the next run, and stops nothing.
-- Those that failed least come first, so that a note that can't be written keeps nobody waiting. Where somebody has written a note since it was
-- judged, it stays: the next run judges it first. Parameters: @bot_id, @run_no, @note_type, its name, @limit, customers at most.
-- Result: written, failed, detail, the last failure: note_type_missing (told whether or not a note waits), lock_lost, or what the database said.
-- Locks: one customer's note and mirror at a time.
DROP PROCEDURE IF EXISTS tgn.mirror_notes;
GO
CREATE PROCEDURE tgn.mirror_notes
  @bot_id bigint,
  @run_no int,
  @note_type nvarchar(400),
  @limit int
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @held bit, @now datetime2(3), @wall datetime, @written int, @failed int, @detail nvarchar(1000), @type uniqueidentifier, @no int, @last int,
    @customer uniqueidentifier, @noted nvarchar(4000), @wanted nvarchar(32), @note uniqueidentifier, @text nvarchar(4000), @logged bit, @say nvarchar(1000);
  CREATE TABLE #pending (
    no int IDENTITY (1, 1) NOT NULL PRIMARY KEY, customer_id uniqueidentifier NOT NULL, noted nvarchar(4000) COLLATE Latin1_General_BIN2 NULL,
    wanted nvarchar(32) COLLATE Latin1_General_BIN2 NULL
  );
  SELECT @written = 0, @failed = 0, @no = 0, @logged = CASE WHEN EXISTS (SELECT 1 FROM tgn.site WHERE name = 'logon' AND value = N'yes') THEN 0 ELSE 1 END;
  BEGIN TRANSACTION;
  EXEC tgn.prove_lock @bot_id, @run_no, @held OUTPUT, @now OUTPUT, @wall OUTPUT;
  COMMIT TRANSACTION;
  IF @held = 0
  BEGIN
    SELECT 0 AS written, 0 AS failed, N'lock_lost' AS detail;
    RETURN;
  END;
  INSERT INTO #pending (customer_id, noted, wanted)
  SELECT TOP (@limit) customer_id, noted, wanted FROM tgn.note_mirror
  WHERE bot_id = @bot_id AND pending = 1
  ORDER BY failures, CAST(customer_id AS char(36));
  SELECT @last = COUNT(*) FROM #pending;
  -- A type that is in use before one that is disabled.
  SELECT TOP (1) @type = note_type_id FROM tgn.note_type WHERE name = @note_type ORDER BY disabled, CAST(note_type_id AS char(36));

  WHILE @no < @last
  BEGIN
    SET @no = @no + 1;
    SET @say = NULL;
    SELECT @customer = customer_id, @noted = noted, @wanted = wanted FROM #pending WHERE no = @no;
    IF @type IS NULL SET @say = N'note_type_missing';
    ELSE
    BEGIN TRY
      IF @logged = 0
      BEGIN
        EXEC dbo.tpsrv_logon;
        SET @logged = 1;
      END;
      BEGIN TRANSACTION;
      EXEC tgn.prove_lock @bot_id, @run_no, @held OUTPUT, @now OUTPUT, @wall OUTPUT;
      IF @held = 1
      BEGIN
        SELECT @note = NULL, @text = NULL;
        SELECT TOP (1) @note = n.note_id, @text = n.text
        FROM tgn.note n JOIN tgn.note_type t ON t.note_type_id = n.note_type_id
        WHERE n.customer_id = @customer AND t.name = @note_type
        ORDER BY CASE WHEN n.noted_at IS NULL THEN 1 ELSE 0 END, n.noted_at DESC, CAST(n.note_id AS char(36)) DESC;
        IF (@text IS NULL AND (@noted IS NULL OR @wanted IS NULL)) OR @text + N'|' = @noted + N'|' COLLATE Latin1_General_BIN2
          OR @text + N'|' = @wanted + N'|' COLLATE Latin1_General_BIN2
        BEGIN
          UPDATE tgn.note_mirror SET noted = wanted, pending = 0, failures = 0, failure = NULL WHERE bot_id = @bot_id AND customer_id = @customer;
          IF NOT (@text IS NULL AND @wanted IS NULL) AND (@text IS NULL OR @wanted IS NULL OR @text + N'|' <> @wanted + N'|' COLLATE Latin1_General_BIN2)
            AND EXISTS (SELECT 1 FROM tgn.customer WHERE customer_id = @customer)
          BEGIN
            SET @text = COALESCE(@wanted, N'');
            IF @note IS NULL EXEC tgn.add_note @type, @customer, @text, @wall;
            ELSE EXEC tgn.write_note @note, @text, @wall;
            SET @written = @written + 1;
          END;
        END;
      END;
      COMMIT TRANSACTION;
    END TRY
    BEGIN CATCH
      SET @say = LEFT(ERROR_MESSAGE(), 1000);
      IF XACT_STATE() <> 0 ROLLBACK TRANSACTION;
    END CATCH;
    IF @held = 0
    BEGIN
      SET @detail = N'lock_lost';
      BREAK;
    END;
    IF @say IS NOT NULL
    BEGIN
      SET @failed = @failed + 1;
      SET @detail = @say;
      UPDATE tgn.note_mirror SET failures = failures + 1, failure = @say WHERE bot_id = @bot_id AND customer_id = @customer;
    END;
  END;
  IF @type IS NULL AND @detail IS NULL SET @detail = N'note_type_missing';
  SELECT @written AS written, @failed AS failed, @detail AS detail;
END;
GO
