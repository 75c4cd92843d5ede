-- Tillypad's notes: two views to read them and two procedures to write them, in the form that fits the site. A value is a sql_variant of any
-- type: numbers come as whole digits, and what no number can hold comes as its text, since a bad note is a finding on its customer, no error.
DROP VIEW IF EXISTS tgn.note;
GO
CREATE VIEW tgn.note AS
SELECT v.note_ID AS note_id, v.note_nttp_ID AS note_type_id, v.note_obj_ID AS customer_id, v.note_Date AS noted_at,
  -- A note of blanks says nothing.
  CASE WHEN LTRIM(RTRIM(REPLACE(REPLACE(REPLACE(REPLACE(v.text COLLATE Latin1_General_BIN2, NCHAR(9), N' '), NCHAR(10), N' '), NCHAR(13), N' '), NCHAR(160), N' '))) <> N''
    THEN v.text END COLLATE DATABASE_DEFAULT AS text
FROM (
  SELECT n.note_ID, n.note_nttp_ID, n.note_obj_ID, n.note_Date,
    CASE
      WHEN CAST(SQL_VARIANT_PROPERTY(n.note_Value, 'BaseType') AS varchar(30)) IN ('float', 'real', 'decimal', 'numeric', 'money', 'smallmoney')
      THEN CASE WHEN ABS(CAST(n.note_Value AS float)) < 1E18
        THEN CAST(CAST(CAST(n.note_Value AS float) AS decimal(20, 0)) AS nvarchar(4000)) ELSE CAST(CAST(n.note_Value AS float) AS nvarchar(4000)) END
      ELSE CAST(n.note_Value AS nvarchar(4000)) END AS text
  FROM dbo.tp_Notes n
) v;
GO
DROP VIEW IF EXISTS tgn.note_type;
GO
-- Those in the recycle bin are none.
CREATE VIEW tgn.note_type AS
SELECT nttp_ID AS note_type_id, nttp_Name COLLATE DATABASE_DEFAULT AS name, nttp_IsDisabled AS disabled FROM dbo.tp_NoteTypes WHERE nttp_del_ID IS NULL;
GO

DROP PROCEDURE IF EXISTS tgn.write_note;
GO
-- Writes over a note, for mirror_notes alone and inside its transaction. Parameters: @note_id, @text, @wall. No result. Locks: the note's row.
CREATE PROCEDURE tgn.write_note
  @note_id uniqueidentifier,
  @text nvarchar(4000),
  @wall datetime
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  UPDATE dbo.tp_Notes SET note_Value = CAST(@text AS sql_variant), note_Date = @wall WHERE note_ID = @note_id;
END;
GO

-- The kind of object that a customer is: as Tillypad's own list of tables says, else as the note type is offered for, else as another note of a
-- customer has it, else none. Which of these the site has decides the procedure's text, since a missing column is an error when it is made.
DROP PROCEDURE IF EXISTS tgn.add_note;
GO
DECLARE @kind nvarchar(max), @text nvarchar(max);
SET @kind = N'';
IF COL_LENGTH(N'dbo.tp_Notes', N'note_tpsyso_ID') IS NOT NULL
BEGIN
  IF COL_LENGTH(N'dbo.sys_Tables', N'tpsyst_tpsyso_ID') IS NOT NULL AND COL_LENGTH(N'dbo.sys_Tables', N'tpsyst_Name') IS NOT NULL
    SET @kind = @kind + N'(SELECT TOP (1) tpsyst_tpsyso_ID FROM dbo.sys_Tables WHERE tpsyst_Name = N''tp_Clients''), ';
  IF COL_LENGTH(N'dbo.tp_NoteTypeObjects', N'nttpo_tpsyso_ID') IS NOT NULL
    SET @kind = @kind + N'(SELECT TOP (1) nttpo_tpsyso_ID FROM dbo.tp_NoteTypeObjects WHERE nttpo_nttp_ID = @note_type_id), ';
  SET @kind = @kind + N'(SELECT TOP (1) o.note_tpsyso_ID FROM dbo.tp_Notes o JOIN dbo.tp_Clients k ON k.clnt_ID = o.note_obj_ID WHERE o.note_tpsyso_ID IS NOT NULL)';
END;
SET @text = N'-- Adds a note to a customer, for mirror_notes alone and inside its transaction. Parameters: @note_type_id, @customer_id, @text, @wall. No result.
-- Locks: the note''s row.
CREATE PROCEDURE tgn.add_note
  @note_type_id uniqueidentifier,
  @customer_id uniqueidentifier,
  @text nvarchar(4000),
  @wall datetime
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  INSERT INTO dbo.tp_Notes (note_ID, note_nttp_ID, note_obj_ID, note_item_ID, note_Date, note_Value' + CASE WHEN @kind = N'' THEN N'' ELSE N', note_tpsyso_ID' END + N')
  SELECT NEWID(), @note_type_id, @customer_id, @customer_id, @wall, CAST(@text AS sql_variant)' + CASE WHEN @kind = N'' THEN N'' WHEN CHARINDEX(N'), (', @kind) = 0 THEN N', ' + @kind ELSE N', COALESCE(' + @kind + N')' END + N';
END;';
EXEC (@text);
GO

-- The note type: text, one a customer, offered for customers where the site says for which kinds of objects a type is offered.
DROP PROCEDURE IF EXISTS tgn.add_note_type;
GO
DECLARE @offer nvarchar(max), @text nvarchar(max);
SET @offer = N'';
IF COL_LENGTH(N'dbo.tp_NoteTypeObjects', N'nttpo_tpsyso_ID') IS NOT NULL AND COL_LENGTH(N'dbo.sys_Tables', N'tpsyst_tpsyso_ID') IS NOT NULL
  AND COL_LENGTH(N'dbo.sys_Tables', N'tpsyst_Name') IS NOT NULL
  SET @offer = N'
  INSERT INTO dbo.tp_NoteTypeObjects (nttpo_ID, nttpo_nttp_ID, nttpo_tpsyso_ID)
  SELECT TOP (1) NEWID(), @id, tpsyst_tpsyso_ID FROM dbo.sys_Tables WHERE tpsyst_Name = N''tp_Clients'';';
SET @text = N'-- Adds the note type, for found_place alone and inside its transaction. Parameter: @name. No result. Locks: the row.
CREATE PROCEDURE tgn.add_note_type
  @name nvarchar(400)
AS
BEGIN
  SET NOCOUNT ON;
  SET XACT_ABORT ON;
  SET DEADLOCK_PRIORITY LOW;
  SET LOCK_TIMEOUT 2000;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

  DECLARE @id uniqueidentifier;
  SET @id = NEWID();
  -- By the id of the type in the object files of tasks/, so that importing one later makes no second type.
  IF @name = N''chat_ID '' + NCHAR(1074) + N'' Telegram'' AND NOT EXISTS (SELECT 1 FROM dbo.tp_NoteTypes WHERE nttp_ID = ''c33d90fa-3698-47a8-afd0-b814e394f2a6'')
    SET @id = ''c33d90fa-3698-47a8-afd0-b814e394f2a6'';
  INSERT INTO dbo.tp_NoteTypes (nttp_ID, nttp_vdt_ID, nttp_Name, nttp_Description, nttp_IsUnique, nttp_IsRequired, nttp_IsDisabled)
  VALUES (@id, 0, @name, N''tp-tg-notify'', 1, 0, 0);' + @offer + N'
END;';
EXEC (@text);
GO
