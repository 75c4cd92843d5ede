-- Forgets details of what ended long ago, one chunk: @chunk rows, 2,000 at most, of one table are looked at by their numbers, and those that qualify
-- go in one transaction. The guards stand in the statements: nothing open loses anything, the newest run stays (a host remembers it), and
-- so does one whose calls nobody has judged; an invitation loses its text, number and detail, and stays, as what was spent is counted by it.
-- Parameters: the bot; @part attempts | earlier | invitations | runs | words | links; @before_utc; @after, the number where the last chunk ended, 0 at first; @chunk.
-- Result: n, how many went; next, the number where this chunk ended, null after the last. Locks: the rows that go, until the end of the statement.
DROP PROCEDURE IF EXISTS tgn_admin.prune_chunk;
GO
CREATE PROCEDURE tgn_admin.prune_chunk
  @bot_id bigint,
  @part varchar(20),
  @before_utc datetime2(3),
  @after bigint,
  @chunk int
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @next bigint, @looked int, @n int;
  IF @chunk > 2000 SET @chunk = 2000;
  SET @n = 0;
  IF @part = 'attempts'
    SELECT @looked = COUNT(*), @next = MAX(t.no) FROM (SELECT TOP (@chunk) attempt_no AS no FROM tgn.attempt WHERE attempt_no > @after ORDER BY attempt_no) t;
  IF @part = 'earlier'
    SELECT @looked = COUNT(*), @next = MAX(t.no)
    FROM (SELECT TOP (@chunk) delivery_no AS no FROM tgn.earlier_attempt WHERE delivery_no > @after ORDER BY delivery_no) t;
  IF @part = 'invitations'
    SELECT @looked = COUNT(*), @next = MAX(t.no)
    FROM (SELECT TOP (@chunk) invitation_no AS no FROM tgn.invitation WHERE invitation_no > @after ORDER BY invitation_no) t;
  IF @part = 'runs'
    SELECT @looked = COUNT(*), @next = MAX(t.no) FROM (SELECT TOP (@chunk) run_no AS no FROM tgn.run WHERE run_no > @after ORDER BY run_no) t;
  -- A till may have an uncommitted word: it is passed over.
  IF @part = 'words'
    SELECT @looked = COUNT(*), @next = MAX(t.no)
    FROM (SELECT TOP (@chunk) wake_no AS no FROM tgn.wake WITH (READCOMMITTEDLOCK, READPAST, ROWLOCK) WHERE wake_no > @after ORDER BY wake_no) t;
  IF @part = 'links'
    SELECT @looked = COUNT(*), @next = MAX(t.no)
    FROM (SELECT TOP (@chunk) refused_no AS no FROM tgn.refused_link WHERE refused_no > @after ORDER BY refused_no) t;

  IF @part = 'attempts' AND @looked > 0
  BEGIN
    DELETE a FROM tgn.attempt a
    WHERE a.attempt_no > @after AND a.attempt_no <= @next AND a.bot_id = @bot_id AND a.finished_utc < @before_utc
      AND a.attempt_no NOT IN (
        SELECT d.attempt_no FROM tgn.delivery d
        WHERE d.state IN ('planned', 'sending', 'in_doubt') AND d.bot_id = @bot_id AND d.attempt_no IS NOT NULL)
    OPTION (MAXDOP 1);
    SET @n = @@ROWCOUNT;
  END;
  IF @part = 'earlier' AND @looked > 0
  BEGIN
    DELETE e FROM tgn.earlier_attempt e
    WHERE e.delivery_no > @after AND e.delivery_no <= @next AND NOT EXISTS (SELECT 1 FROM tgn.attempt a WHERE a.attempt_no = e.attempt_no)
    OPTION (MAXDOP 1);
    SET @n = @@ROWCOUNT;
  END;
  IF @part = 'invitations' AND @looked > 0
  BEGIN
    UPDATE i SET text = NULL, number = NULL, detail = NULL FROM tgn.invitation i
    WHERE i.invitation_no > @after AND i.invitation_no <= @next AND i.bot_id = @bot_id AND i.changed_utc < @before_utc
      AND i.state IN ('accepted', 'refused', 'in_doubt', 'skipped') AND (i.text IS NOT NULL OR i.number IS NOT NULL OR i.detail IS NOT NULL)
    OPTION (MAXDOP 1);
    SET @n = @@ROWCOUNT;
  END;
  IF @part = 'runs' AND @looked > 0
  BEGIN
    DELETE r FROM tgn.run r
    WHERE r.run_no > @after AND r.run_no <= @next AND r.bot_id = @bot_id AND r.finished_utc < @before_utc
      AND r.run_no < (SELECT MAX(n.run_no) FROM tgn.run n)
      AND NOT EXISTS (SELECT 1 FROM tgn.delivery d WHERE d.state = 'sending' AND d.bot_id = @bot_id AND d.run_no = r.run_no)
      AND NOT EXISTS (SELECT 1 FROM tgn.invitation i WHERE i.state = 'sending' AND i.bot_id = @bot_id AND i.run_no = r.run_no)
      AND NOT EXISTS (SELECT 1 FROM tgn.attempt a WHERE a.bot_id = @bot_id AND a.run_no = r.run_no AND a.finished_utc IS NULL)
    OPTION (MAXDOP 1);
    SET @n = @@ROWCOUNT;
  END;
  IF @part = 'words' AND @looked > 0
  BEGIN
    DELETE w FROM tgn.wake w WITH (READCOMMITTEDLOCK, READPAST, ROWLOCK)
    WHERE w.wake_no > @after AND w.wake_no <= @next AND w.bot_id = @bot_id AND w.served_utc < @before_utc
    OPTION (MAXDOP 1);
    SET @n = @@ROWCOUNT;
  END;
  IF @part = 'links' AND @looked > 0
  BEGIN
    DELETE l FROM tgn.refused_link l
    WHERE l.refused_no > @after AND l.refused_no <= @next AND l.bot_id = @bot_id AND l.at_utc < @before_utc
    OPTION (MAXDOP 1);
    SET @n = @@ROWCOUNT;
  END;
  SELECT @n AS n, CASE WHEN @looked = @chunk THEN @next END AS next;
END;
GO
