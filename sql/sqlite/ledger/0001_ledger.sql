-- The ledger, schema 1. Instants are UTC milliseconds (…_utc); wall-clock text is the database server's local time, only ever
-- compared with operations' dates. Nothing here refers to Tillypad's tables: uninstalling leaves them as they were.

create table ledger_schema (version integer primary key, installed_utc integer not null);

-- One row: where this ledger lives, so that a copy is silent.
create table place (
  only_row integer primary key check (only_row = 1),
  installation_id text not null,          -- random, made by install
  bound_to text not null,                 -- host and database file it was installed on or bound to
  key_fingerprint text not null,          -- of the current link key
  paused integer not null default 0       -- 1: installed with --paused; a bot that is bound then starts out paused
);

-- How Tillypad's task starts the program. One row, or none before anybody chose: `tgn_task.start` reads it on SQL Server.
create table start_way (
  only_row integer primary key check (only_row = 1),
  way text not null check (way in ('agent', 'xp_cmdshell', 'none')), changed_utc integer not null
);

create table bot (
  bot_id text primary key,
  bound_utc integer not null,
  offset integer,                         -- Telegram's own, stored as received: never max()
  polled_utc integer,
  quiet_until_utc integer,                -- a 429, remembered across processes
  paused_until_utc integer,               -- pause; 253402300799000 = until resume
  pruned_to text                          -- details of operations before this are forgotten
) without rowid;

create table run (
  run_no integer primary key autoincrement,
  run_id text not null unique,
  bot_id text not null,
  started_utc integer not null, heartbeat_utc integer not null, finished_utc integer,
  host text not null, pid integer not null, started_by text not null,
  exit_code integer, summary text         -- finished without an exit code: it died, and its last heartbeat is its end
);
-- At most one a bot: opening a run ends what the dead left. It is what `busy` names and what every write is guarded by.
create index ix_run_open on run (bot_id, run_no) where finished_utc is null;

-- Words: who wants a look. kind: run | event (Tillypad's task script) | schedule.
create table wake (
  wake_no integer primary key autoincrement,
  bot_id text not null, task_id text not null, kind text not null, made_utc integer not null, served_utc integer
);
create index ix_wake_unserved on wake (bot_id, wake_no) where served_utc is null;
-- A firing task asks which bot it spoke of last.
create index ix_wake_task on wake (task_id, wake_no, bot_id);

create table task (
  bot_id text not null, task_id text not null,
  watermark text, first_look_done integer not null default 0,
  overlap_look_at text, deep_look_at text, brake_held_at text,
  primary key (bot_id, task_id)
) without rowid;

-- Since when a chosen type or group is told about; only items that the newest choice still covers. item_id '*' = all of the kind.
create table admitted (
  bot_id text not null, task_id text not null, kind text not null check (kind in ('account_type', 'customer_group')),
  item_id text not null, since text not null,
  primary key (bot_id, task_id, kind, item_id)
) without rowid;

-- Newest version counts; written by `tgn_task.save_parameters` on SQL Server.
create table task_parameters (
  task_id text not null, version integer not null, saved_utc integer not null, parameters text not null,
  primary key (task_id, version)
) without rowid;

-- What the log of Tillypad's task is to say: once a cause, for as long as it goes on. Read by `tgn_task.read_log` on SQL Server.
create table task_message (
  message_no integer primary key autoincrement,
  task_id text not null,                  -- '*' = every task
  cause text not null, text text not null,
  patience_ms integer not null,           -- told only when it has gone on for so long
  first_utc integer not null, last_utc integer not null, ended_utc integer
);
create unique index ux_task_message_open on task_message (task_id, cause) where ended_utc is null;

-- To which task's log a message has gone. A table of its own: Tillypad's task only ever inserts.
create table task_told (
  message_no integer not null, task_id text not null, told_utc integer not null,
  primary key (message_no, task_id)
) without rowid;

create table chat (
  bot_id text not null, chat_id text not null,
  language text, written_utc integer,     -- last notice claimed: at most one a second
  primary key (bot_id, chat_id)
) without rowid;

create table subscription (
  bot_id text not null, customer_id text not null, chat_id text not null,
  state text not null check (state in ('active', 'suspended', 'stopped', 'cleared')),
  origin text not null check (origin in ('link', 'legacy', 'note')),
  epoch integer not null, changed_utc integer not null,
  primary key (bot_id, customer_id)
) without rowid;
create index ix_subscription_chat on subscription (bot_id, chat_id);

-- The note's mirror: what the note last said when we judged or wrote it, and what it should say (null = nothing).
create table note_mirror (
  bot_id text not null, customer_id text not null,
  noted text, wanted text, pending integer not null default 0, failures integer not null default 0, failure text,
  primary key (bot_id, customer_id)
) without rowid;
create index ix_note_mirror_pending on note_mirror (bot_id, customer_id) where pending = 1;

create table refused_link (
  refused_no integer primary key autoincrement,
  bot_id text not null, chat_id text not null, update_id integer not null, reason text not null, customer_id text, at_utc integer not null,
  unique (bot_id, update_id)
);
create index ix_refused_link_at on refused_link (bot_id, at_utc);
create index ix_refused_link_customer on refused_link (customer_id) where customer_id is not null;

create table delivery (
  delivery_no integer primary key autoincrement,
  bot_id text not null, operation_id text not null,
  task_id text not null, customer_id text not null, operation_date text not null,
  state text not null check (state in ('planned', 'sending', 'delivered', 'refused', 'in_doubt', 'skipped')),
  reason text,                            -- skip reason, refusal or doubt code
  repeat integer not null default 0,      -- 1: told once more after a doubt, marked
  tries integer not null default 0,
  not_before_utc integer,
  attempt_no integer, run_id text,        -- the last attempt; the run that sends or sent it
  planned_utc integer not null, changed_utc integer not null,
  resolved text,                          -- who resolved it by hand and why
  asks integer not null default 0         -- 1: skipped(not_subscribed), and nobody has weighed yet whether to invite
);
create unique index ux_delivery_operation on delivery (bot_id, operation_id);
-- Open rows only: an idle run never pays for the past.
create index ix_delivery_planned on delivery (bot_id, customer_id, operation_date, operation_id) where state = 'planned';
create index ix_delivery_sending on delivery (bot_id, attempt_no) where state = 'sending';
create index ix_delivery_in_doubt on delivery (bot_id, changed_utc) where state = 'in_doubt';
create index ix_delivery_customer on delivery (bot_id, customer_id);
create index ix_delivery_asks on delivery (bot_id, task_id, customer_id, operation_date, operation_id) where asks = 1;

create table attempt (
  attempt_no integer primary key autoincrement,
  bot_id text not null, run_id text not null, claim_id text not null, chat_id text not null,
  started_utc integer not null, finished_utc integer,
  outcome text, code text, detail text, message_id text,
  repeat integer not null default 0, length integer
);
create index ix_attempt_claim on attempt (claim_id);
-- Calls on the wire: few at any time, though the table keeps them all.
create index ix_attempt_open on attempt (bot_id, run_id) where finished_utc is null;

-- Attempts before a delivery's last one: a row only for what was tried more than once.
create table earlier_attempt (delivery_no integer not null, attempt_no integer not null, primary key (delivery_no, attempt_no)) without rowid;

-- The SMS that invites a customer, and everybody who was weighed and not invited, with the reason. Caps count `segments`.
create table invitation (
  invitation_no integer primary key autoincrement,
  bot_id text not null, task_id text not null, customer_id text not null,
  operation_id text not null, operation_date text not null,               -- the newest that asked
  state text not null check (state in ('planned', 'sending', 'accepted', 'refused', 'in_doubt', 'skipped')),
  reason text,                            -- skip reason, refusal or doubt code
  number text, segments integer, cost text, gateway text, gateway_id text, text text, detail text,
  tries integer not null default 0,
  not_before_utc integer,                 -- held: night, or the operator's word
  claim_id text, run_id text,
  planned_utc integer not null, sent_utc integer, changed_utc integer not null,
  status text, status_code text, status_utc integer,                      -- what the operator said later
  resolved text                           -- who resolved it by hand and why
);
create unique index ux_invitation_waiting on invitation (bot_id, customer_id) where state in ('planned', 'sending');
create index ix_invitation_planned on invitation (bot_id, invitation_no) where state = 'planned';
create index ix_invitation_sending on invitation (bot_id, claim_id) where state = 'sending';
create index ix_invitation_customer on invitation (bot_id, customer_id);
-- What was spent: a month of it is read before each SMS.
create index ix_invitation_sent on invitation (bot_id, sent_utc, segments) where state in ('sending', 'accepted', 'in_doubt');
create index ix_invitation_open on invitation (bot_id, gateway, status_utc) where state = 'accepted' and coalesce(status, 'pending') in ('pending', 'unknown');
