-- A trigger of the site's own that lets nobody write certain customers' notes.
CREATE TABLE dbo.tp_LockedNotes (lock_obj_ID uniqueidentifier NOT NULL PRIMARY KEY);
GO
CREATE TRIGGER dbo.tr_LockedNotes ON dbo.tp_Notes AFTER INSERT, UPDATE AS
BEGIN
  SET NOCOUNT ON;
  IF EXISTS (SELECT 1 FROM inserted i JOIN dbo.tp_LockedNotes l ON l.lock_obj_ID = i.note_obj_ID) THROW 50001, N'this note is locked', 1;
END;
GO
