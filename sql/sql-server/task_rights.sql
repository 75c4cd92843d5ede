-- Not in the transaction, for the tills' sake: their rights are looked up while it stands.
GRANT EXECUTE ON SCHEMA::tgn_task TO tgn_tasks;
GO
