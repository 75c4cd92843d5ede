-- What decides whether customers are invited, as it is now, without anything parsed. Called by read_invitees, read_listed_invitees and
-- advance_invitations, whose tables it reads and fills: #invitee (no, customer_id, operation_id, …), #person, #phone, and #stuck with customers of
-- whom somebody has locked anything: absence decides here, and so it waits for a lock; who stays locked is left for later. A customer who is gone
-- for good gets no row in #person.
-- Parameters: @first, the number in #invitee to begin with; the name of the note type that holds chat ids; the consent that is asked for (none |
-- note | group) with the note type's name or the group's id. No result.
-- Locks: none that outlast a row's reading. XACT_ABORT is off while it reads, so that a lock timeout doesn't undo what the caller has recorded.
DROP PROCEDURE IF EXISTS tgn.read_persons;
GO
CREATE PROCEDURE tgn.read_persons
  @first int,
  @note_type nvarchar(400),
  @consent varchar(10),
  @consent_note nvarchar(400),
  @consent_group uniqueidentifier
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @at int, @last int, @size int, @stuck int;
  CREATE TABLE #naming (note_type_id uniqueidentifier NOT NULL PRIMARY KEY);
  CREATE TABLE #agreeing (note_type_id uniqueidentifier NOT NULL PRIMARY KEY);
  CREATE TABLE #agreed (group_id uniqueidentifier NOT NULL PRIMARY KEY);
  BEGIN TRY
    SET XACT_ABORT OFF;
    INSERT INTO #naming (note_type_id) SELECT note_type_id FROM tgn.note_type WHERE name = @note_type;
    IF @consent = 'note' INSERT INTO #agreeing (note_type_id) SELECT note_type_id FROM tgn.note_type WHERE name = @consent_note;
    IF @consent = 'group'
      INSERT INTO #agreed (group_id) SELECT DISTINCT group_id FROM tgn.customer_group WHERE ancestor_id = @consent_group OPTION (MAXDOP 1);
    SET XACT_ABORT ON;
  END TRY
  BEGIN CATCH
    SET XACT_ABORT ON;
    IF ERROR_NUMBER() <> 1222 THROW;
    -- What decides about all of them is locked.
    INSERT INTO #stuck (customer_id) SELECT i.customer_id FROM #invitee i
    WHERE i.no >= @first AND NOT EXISTS (SELECT 1 FROM #stuck s WHERE s.customer_id = i.customer_id);
    RETURN;
  END CATCH;

  SELECT @at = @first, @stuck = 0;
  SELECT @last = COALESCE(MAX(no), 0) FROM #invitee;
  SET @size = @last - @first + 1;
  WHILE @at <= @last
  BEGIN
    BEGIN TRY
      SET XACT_ABORT OFF;
      DELETE h FROM #phone h JOIN #invitee i ON i.customer_id = h.customer_id WHERE i.no >= @at AND i.no < @at + @size;
      INSERT INTO #phone (customer_id, id_text, phone)
      SELECT i.customer_id, CONVERT(char(36), h.phone_id), h.phone
      FROM #invitee i JOIN tgn.customer_phone h ON h.customer_id = i.customer_id
      WHERE i.no >= @at AND i.no < @at + @size AND h.phone IS NOT NULL
      OPTION (LOOP JOIN, MAXDOP 1);
      -- The newest note of a customer counts: nothing keeps a «unique» note unique.
      INSERT INTO #person (customer_id, name, group_id, group_name, live, phones_xml, profile_phone, may_invite, noted, consented)
      SELECT c.customer_id, c.name, c.group_id, c.group_name,
        CASE WHEN c.live = 1 AND EXISTS (SELECT 1 FROM tgn.operation o WHERE o.operation_id = i.operation_id) THEN 1 ELSE 0 END,
        c.phones_xml, c.profile_phone, COALESCE(c.may_invite, 0),
        CASE WHEN (
          SELECT TOP (1) n.text FROM tgn.note n WHERE n.customer_id = i.customer_id AND n.note_type_id IN (SELECT note_type_id FROM #naming)
          ORDER BY CASE WHEN n.noted_at IS NULL THEN 1 ELSE 0 END, n.noted_at DESC, CAST(n.note_id AS char(36)) DESC
        ) IS NULL THEN 0 ELSE 1 END,
        CASE
          WHEN @consent = 'none' THEN 1
          WHEN @consent = 'note' THEN CASE WHEN (
            SELECT TOP (1) n.text FROM tgn.note n WHERE n.customer_id = i.customer_id AND n.note_type_id IN (SELECT note_type_id FROM #agreeing)
            ORDER BY CASE WHEN n.noted_at IS NULL THEN 1 ELSE 0 END, n.noted_at DESC, CAST(n.note_id AS char(36)) DESC
          ) IS NULL THEN 0 ELSE 1 END
          WHEN EXISTS (SELECT 1 FROM #agreed g WHERE g.group_id = c.group_id) THEN 1
          ELSE 0
        END
      FROM #invitee i JOIN tgn.customer c ON c.customer_id = i.customer_id
      WHERE i.no >= @at AND i.no < @at + @size
      OPTION (LOOP JOIN, MAXDOP 1);
      SET XACT_ABORT ON;
      SET @at = @at + @size;
      SET @size = CASE WHEN @size > 100000 THEN @size ELSE @size * 2 END;
    END TRY
    BEGIN CATCH
      SET XACT_ABORT ON;
      IF ERROR_NUMBER() <> 1222 THROW;
      -- The wait is over; who is still locked need not be waited for as long again, and once many are, not at all: a long transaction may hold
      -- them all.
      IF @stuck < 5 SET LOCK_TIMEOUT 100;
      ELSE SET LOCK_TIMEOUT 1;
      IF @size = 1
      BEGIN
        SET @stuck = @stuck + 1;
        INSERT INTO #stuck (customer_id) SELECT customer_id FROM #invitee WHERE no = @at;
        SET @at = @at + 1;
      END
      ELSE SET @size = (@size + 1) / 2;
    END CATCH;
  END;
END;
GO
