-- The note type that holds a guest's chat id: text, one a customer. The only row that `install` adds to Tillypad's own tables, and only where there
-- is none of its name.
insert into tp_NoteTypes (nttp_ID, nttp_vdt_ID, nttp_Name, nttp_Description, nttp_IsUnique, nttp_IsRequired, nttp_IsDisabled)
values (:id, 0, :noteType, :description, 1, 0, 0);
