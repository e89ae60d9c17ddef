-- The schema as it was first used (version 0), with one run, one supplier and one intent.
CREATE TABLE schema_version (
	version INTEGER NOT NULL,
	PRIMARY KEY (version)
);
CREATE TABLE meta (
	name TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (name)
);
CREATE TABLE suppliers (
	id TEXT NOT NULL,
	kind TEXT,
	country TEXT NOT NULL,
	digits TEXT,
	name TEXT NOT NULL,
	name_key TEXT NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (digits, kind, country)
);
CREATE INDEX suppliers_by_name ON suppliers (name_key);
CREATE TABLE runs (
	id TEXT NOT NULL,
	kind TEXT NOT NULL,
	period TEXT NOT NULL,
	number INTEGER NOT NULL,
	as_of TEXT NOT NULL,
	state TEXT NOT NULL,
	stage TEXT NOT NULL,
	started TEXT NOT NULL,
	finished TEXT,
	version TEXT NOT NULL,
	case_ref TEXT NOT NULL,
	exit INTEGER,
	manifest TEXT NOT NULL,
	replaced_by TEXT,
	PRIMARY KEY (id),
	UNIQUE (kind, period, number),
	FOREIGN KEY(replaced_by) REFERENCES runs (id)
);
CREATE TABLE texts (
	sha256 TEXT NOT NULL,
	body TEXT NOT NULL,
	PRIMARY KEY (sha256)
);
CREATE TABLE raw (
	id INTEGER NOT NULL,
	sha256 BLOB NOT NULL,
	size INTEGER NOT NULL,
	data BLOB,
	at TEXT NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (sha256)
);
CREATE TABLE source_state (
	source TEXT NOT NULL,
	name TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (source, name)
);
CREATE TABLE finding_raw (
	finding_id TEXT NOT NULL,
	raw_sha256 BLOB NOT NULL,
	PRIMARY KEY (finding_id, raw_sha256)
);
CREATE TABLE decisions (
	id INTEGER NOT NULL,
	finding_id TEXT NOT NULL,
	by_whom TEXT NOT NULL,
	assessment TEXT NOT NULL,
	reason TEXT NOT NULL,
	until TEXT,
	diary TEXT NOT NULL,
	at TEXT NOT NULL,
	file_sha256 TEXT NOT NULL,
	PRIMARY KEY (id)
);
CREATE INDEX decisions_by_finding ON decisions (finding_id);
CREATE TABLE audit (
	id INTEGER NOT NULL,
	at TEXT NOT NULL,
	who TEXT NOT NULL,
	action TEXT NOT NULL,
	detail TEXT NOT NULL,
	previous_sha256 TEXT NOT NULL,
	sha256 TEXT NOT NULL,
	PRIMARY KEY (id)
);
CREATE TABLE accepted_numbers (
	id INTEGER NOT NULL,
	name_key TEXT NOT NULL,
	written_key TEXT NOT NULL,
	supplier_id TEXT NOT NULL,
	by_whom TEXT NOT NULL,
	at TEXT NOT NULL,
	source_sha256 TEXT NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(supplier_id) REFERENCES suppliers (id)
);
CREATE TABLE run_texts (
	run_id TEXT NOT NULL,
	kind TEXT NOT NULL,
	name TEXT NOT NULL,
	sha256 TEXT NOT NULL,
	PRIMARY KEY (run_id, kind, name),
	FOREIGN KEY(run_id) REFERENCES runs (id),
	FOREIGN KEY(sha256) REFERENCES texts (sha256)
);
CREATE TABLE inputs (
	id INTEGER NOT NULL,
	run_id TEXT NOT NULL,
	name TEXT NOT NULL,
	sha256 TEXT NOT NULL,
	connector TEXT NOT NULL,
	sheet_count INTEGER NOT NULL,
	rows INTEGER NOT NULL,
	accepted INTEGER NOT NULL,
	merged INTEGER NOT NULL,
	rejected INTEGER NOT NULL,
	error TEXT NOT NULL,
	doubtful INTEGER NOT NULL,
	notes TEXT NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(run_id) REFERENCES runs (id)
);
CREATE INDEX inputs_by_run ON inputs (run_id);
CREATE TABLE rejects (
	id INTEGER NOT NULL,
	run_id TEXT NOT NULL,
	file TEXT NOT NULL,
	sheet TEXT NOT NULL,
	"row" INTEGER NOT NULL,
	reason TEXT NOT NULL,
	code TEXT NOT NULL,
	written TEXT NOT NULL,
	name TEXT NOT NULL,
	proposals TEXT NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(run_id) REFERENCES runs (id)
);
CREATE INDEX rejects_by_run ON rejects (run_id);
CREATE TABLE origins (
	id INTEGER NOT NULL,
	run_id TEXT NOT NULL,
	supplier_id TEXT NOT NULL,
	file TEXT NOT NULL,
	sheet TEXT NOT NULL,
	"row" INTEGER NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(run_id) REFERENCES runs (id),
	FOREIGN KEY(supplier_id) REFERENCES suppliers (id)
);
CREATE INDEX origins_by_supplier ON origins (run_id, supplier_id);
CREATE TABLE run_suppliers (
	run_id TEXT NOT NULL,
	supplier_id TEXT NOT NULL,
	kind TEXT NOT NULL,
	name TEXT NOT NULL,
	names TEXT,
	supplier_numbers TEXT,
	country TEXT NOT NULL,
	identity_accepted INTEGER NOT NULL,
	PRIMARY KEY (run_id, supplier_id),
	FOREIGN KEY(run_id) REFERENCES runs (id),
	FOREIGN KEY(supplier_id) REFERENCES suppliers (id)
);
CREATE TABLE contracts (
	id INTEGER NOT NULL,
	run_id TEXT NOT NULL,
	supplier_id TEXT NOT NULL,
	contract_id TEXT NOT NULL,
	value_ore INTEGER,
	payload TEXT NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(run_id) REFERENCES runs (id),
	FOREIGN KEY(supplier_id) REFERENCES suppliers (id)
);
CREATE INDEX contracts_by_supplier ON contracts (run_id, supplier_id);
CREATE TABLE spend (
	run_id TEXT NOT NULL,
	supplier_id TEXT NOT NULL,
	last_12_months_ore INTEGER NOT NULL,
	payload TEXT NOT NULL,
	PRIMARY KEY (run_id, supplier_id),
	FOREIGN KEY(run_id) REFERENCES runs (id),
	FOREIGN KEY(supplier_id) REFERENCES suppliers (id)
);
CREATE TABLE facts (
	id INTEGER NOT NULL,
	supplier_id TEXT NOT NULL,
	kind TEXT NOT NULL,
	source TEXT NOT NULL,
	scope_key TEXT NOT NULL,
	place TEXT NOT NULL,
	tie INTEGER DEFAULT '0' NOT NULL,
	last_place TEXT NOT NULL,
	as_of TEXT NOT NULL,
	fetched_at TEXT NOT NULL,
	confirmed_at TEXT,
	observed_at TEXT NOT NULL,
	superseded_at TEXT,
	payload TEXT NOT NULL,
	payload_hash BLOB NOT NULL,
	raw_id INTEGER,
	raw_sha256 BLOB,
	origin TEXT NOT NULL,
	request_ref TEXT NOT NULL,
	simulated INTEGER NOT NULL,
	run_id TEXT,
	void INTEGER DEFAULT '0' NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(supplier_id) REFERENCES suppliers (id),
	FOREIGN KEY(raw_id) REFERENCES raw (id),
	FOREIGN KEY(run_id) REFERENCES runs (id)
);
CREATE INDEX facts_by_supplier ON facts (supplier_id, kind, source, scope_key, place, tie);
CREATE INDEX facts_by_raw ON facts (raw_id);
CREATE INDEX facts_by_source ON facts (source, kind, observed_at, supplier_id);
CREATE TABLE gaps (
	id INTEGER NOT NULL,
	supplier_id TEXT NOT NULL,
	kind TEXT NOT NULL,
	source TEXT NOT NULL,
	reason TEXT NOT NULL,
	detail TEXT NOT NULL,
	at TEXT NOT NULL,
	closed_at TEXT,
	run_id TEXT NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (supplier_id, kind, source, run_id),
	FOREIGN KEY(supplier_id) REFERENCES suppliers (id),
	FOREIGN KEY(run_id) REFERENCES runs (id)
);
CREATE INDEX gaps_by_run ON gaps (run_id);
CREATE TABLE intents (
	id INTEGER NOT NULL,
	run_id TEXT NOT NULL,
	source TEXT NOT NULL,
	supplier_id TEXT NOT NULL,
	price_ore INTEGER NOT NULL,
	state TEXT NOT NULL,
	owner TEXT NOT NULL,
	at TEXT NOT NULL,
	settled_at TEXT,
	PRIMARY KEY (id),
	FOREIGN KEY(run_id) REFERENCES runs (id)
);
CREATE INDEX intents_by_supplier ON intents (supplier_id, source);
CREATE INDEX intents_by_run ON intents (run_id, source);
CREATE TABLE asks (
	run_id TEXT NOT NULL,
	source TEXT NOT NULL,
	supplier_id TEXT NOT NULL,
	outcome TEXT NOT NULL,
	PRIMARY KEY (run_id, source, supplier_id),
	FOREIGN KEY(run_id) REFERENCES runs (id)
);
CREATE TABLE run_sources (
	run_id TEXT NOT NULL,
	source TEXT NOT NULL,
	from_store INTEGER NOT NULL,
	calls INTEGER NOT NULL,
	PRIMARY KEY (run_id, source),
	FOREIGN KEY(run_id) REFERENCES runs (id)
);
CREATE TABLE tickets (
	id INTEGER NOT NULL,
	run_id TEXT NOT NULL,
	source TEXT NOT NULL,
	ref TEXT NOT NULL,
	kinds TEXT NOT NULL,
	submitted_at TEXT NOT NULL,
	due_on TEXT,
	closed_at TEXT,
	PRIMARY KEY (id),
	UNIQUE (source, ref),
	FOREIGN KEY(run_id) REFERENCES runs (id)
);
CREATE TABLE judged (
	run_id TEXT NOT NULL,
	supplier_id TEXT NOT NULL,
	rule TEXT NOT NULL,
	scope_key TEXT NOT NULL,
	outcome TEXT NOT NULL,
	severity TEXT,
	body TEXT NOT NULL,
	PRIMARY KEY (run_id, supplier_id, rule, scope_key),
	FOREIGN KEY(run_id) REFERENCES runs (id),
	FOREIGN KEY(supplier_id) REFERENCES suppliers (id)
);
CREATE TABLE coverage (
	run_id TEXT NOT NULL,
	rule TEXT NOT NULL,
	outcome TEXT NOT NULL,
	suppliers INTEGER NOT NULL,
	PRIMARY KEY (run_id, rule, outcome),
	FOREIGN KEY(run_id) REFERENCES runs (id)
);
CREATE TABLE findings (
	run_id TEXT NOT NULL,
	finding_id TEXT NOT NULL,
	supplier_id TEXT NOT NULL,
	rule TEXT NOT NULL,
	scope_key TEXT NOT NULL,
	outcome TEXT NOT NULL,
	verdict TEXT NOT NULL,
	severity TEXT,
	level TEXT NOT NULL,
	status TEXT NOT NULL,
	occurrence INTEGER NOT NULL,
	first_seen TEXT NOT NULL,
	source TEXT NOT NULL,
	as_of TEXT,
	fetched_at TEXT,
	reason TEXT NOT NULL,
	body TEXT NOT NULL,
	PRIMARY KEY (run_id, finding_id),
	FOREIGN KEY(run_id) REFERENCES runs (id),
	FOREIGN KEY(supplier_id) REFERENCES suppliers (id)
);
CREATE INDEX findings_by_supplier ON findings (supplier_id);
CREATE INDEX findings_by_id ON findings (finding_id, run_id);
CREATE TABLE sheets (
	run_id TEXT NOT NULL,
	name TEXT NOT NULL,
	position INTEGER NOT NULL,
	columns TEXT NOT NULL,
	PRIMARY KEY (run_id, name),
	FOREIGN KEY(run_id) REFERENCES runs (id)
);
CREATE TABLE sheet_rows (
	run_id TEXT NOT NULL,
	name TEXT NOT NULL,
	"row" INTEGER NOT NULL,
	cells TEXT NOT NULL,
	PRIMARY KEY (run_id, name, "row"),
	FOREIGN KEY(run_id) REFERENCES runs (id)
);
CREATE TABLE workbooks (
	id INTEGER NOT NULL,
	run_id TEXT NOT NULL,
	path TEXT NOT NULL,
	sha256 TEXT NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(run_id) REFERENCES runs (id)
);
CREATE INDEX workbooks_by_path ON workbooks (path);
CREATE TABLE observations (
	id INTEGER NOT NULL,
	fact_id INTEGER NOT NULL,
	place TEXT NOT NULL,
	tie INTEGER DEFAULT '0' NOT NULL,
	observed_at TEXT NOT NULL,
	as_of TEXT NOT NULL,
	confirms TEXT,
	raw_id INTEGER,
	raw_sha256 BLOB,
	request_ref TEXT NOT NULL,
	simulated INTEGER NOT NULL,
	run_id TEXT,
	PRIMARY KEY (id),
	FOREIGN KEY(fact_id) REFERENCES facts (id),
	FOREIGN KEY(raw_id) REFERENCES raw (id),
	FOREIGN KEY(run_id) REFERENCES runs (id)
);
CREATE INDEX observations_by_fact ON observations (fact_id, observed_at);
CREATE INDEX observations_by_raw ON observations (raw_id);
CREATE TABLE ticket_suppliers (
	ticket_id INTEGER NOT NULL,
	supplier_id TEXT NOT NULL,
	answered INTEGER NOT NULL,
	PRIMARY KEY (ticket_id, supplier_id),
	FOREIGN KEY(ticket_id) REFERENCES tickets (id)
);
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
INSERT INTO schema_version VALUES (0);
INSERT INTO meta VALUES ('key', '0000000000000000000000000000000000000000000000000000000000000001');
INSERT INTO suppliers VALUES ('S-00000001', 'orgnr', 'SE', '5599999900', 'Alfa AB', 'alfa');
INSERT INTO runs VALUES ('M-2026-09-1', 'monthly', '2026-09', 1, '2026-09-30', 'done', '', '2026-09-30T12:00:00.000000+00:00', '2026-09-30T12:00:00.000000+00:00', '0', '', 0, '{}', NULL);
INSERT INTO intents (run_id, source, supplier_id, price_ore, state, owner, at) VALUES ('M-2026-09-1', 'creditsafe', 'S-00000001', 1200, 'answered', 'x', '2026-09-30T12:00:00.000000+00:00');
