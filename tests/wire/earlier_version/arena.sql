BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0011');
CREATE TABLE audit (
	audit_id INTEGER NOT NULL, 
	guild_id BIGINT NOT NULL, 
	at DOUBLE NOT NULL, 
	actor_id BIGINT NOT NULL, 
	action VARCHAR(24) NOT NULL, 
	model_id INTEGER, 
	name VARCHAR(80), 
	shown_as VARCHAR(80), 
	changes TEXT NOT NULL, 
	CONSTRAINT pk_audit PRIMARY KEY (audit_id), 
	CONSTRAINT fk_audit_guild_id FOREIGN KEY(guild_id) REFERENCES guilds (guild_id)
);
CREATE TABLE battle_categories (
	battle_id INTEGER NOT NULL, 
	category VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_battle_categories PRIMARY KEY (battle_id, category), 
	CONSTRAINT fk_battle_categories_battle_id FOREIGN KEY(battle_id) REFERENCES battles (battle_id)
);
INSERT INTO "battle_categories" VALUES(1,'lang:en');
INSERT INTO "battle_categories" VALUES(2,'lang:en');
CREATE TABLE battles (
	battle_id INTEGER NOT NULL, 
	guild_id BIGINT NOT NULL, 
	channel_id BIGINT NOT NULL, 
	message_id BIGINT, 
	asker_id BIGINT NOT NULL, 
	prompt TEXT NOT NULL, 
	locale VARCHAR(16) NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	opened_at DOUBLE NOT NULL, 
	voting_at DOUBLE, 
	closes_at DOUBLE, 
	closed_at DOUBLE, 
	redrawn_at DOUBLE, 
	interaction_token TEXT, 
	drawn_probability DOUBLE NOT NULL, 
	unrated VARCHAR(16), 
	voided VARCHAR(16), 
	votes_a INTEGER DEFAULT '0' NOT NULL, 
	votes_b INTEGER DEFAULT '0' NOT NULL, 
	votes_tie INTEGER DEFAULT '0' NOT NULL, 
	votes_both_bad INTEGER DEFAULT '0' NOT NULL, 
	votes_unclear INTEGER DEFAULT '0' NOT NULL, season INTEGER DEFAULT '1' NOT NULL, void_note TEXT, rules TEXT DEFAULT '{}' NOT NULL, votes_uncounted INTEGER DEFAULT '0' NOT NULL, image_kind VARCHAR(8), readable_at DOUBLE, texts_removed_at DOUBLE, 
	CONSTRAINT pk_battles PRIMARY KEY (battle_id), 
	CONSTRAINT ck_battles_state CHECK (state in ('generating', 'voting', 'closed', 'voided')), 
	CONSTRAINT fk_battles_guild_id FOREIGN KEY(guild_id) REFERENCES guilds (guild_id), 
	CONSTRAINT uq_battles_message_id UNIQUE (message_id)
);
INSERT INTO "battles" VALUES(1,1576815910100926464,1576815910105120770,1576815985816502272,1576815910105120771,'Tea or coffee?','en-US','closed',1.79601262675489187236e+09,1.79601262693564486501e+09,1.79601322693564486501e+09,1.79601262708859014515e+09,1796012627.16941,NULL,1.0,NULL,NULL,2,0,0,0,0,1,NULL,'{"voting_seconds":600}',0,NULL,1.79601262701641368859e+09,NULL);
INSERT INTO "battles" VALUES(2,1576815910100926464,1576815910105120770,1576815987435503616,1576815910105120771,'Sun or rain?','en-US','voting',1.79601262718830370903e+09,1.79601262727787876127e+09,1.79601322727787876131e+09,NULL,NULL,NULL,1.0,NULL,NULL,0,0,0,0,0,1,NULL,'{"voting_seconds":600}',0,NULL,1.79601262743194532399e+09,NULL);
CREATE TABLE categories (
	category_id INTEGER NOT NULL, 
	guild_id BIGINT NOT NULL, 
	name VARCHAR(40) NOT NULL, 
	is_open BOOLEAN NOT NULL, 
	CONSTRAINT pk_categories PRIMARY KEY (category_id), 
	CONSTRAINT fk_categories_guild_id FOREIGN KEY(guild_id) REFERENCES guilds (guild_id), 
	CONSTRAINT uq_categories_guild_id_name UNIQUE (guild_id, name)
);
CREATE TABLE category_channels (
	channel_id BIGINT NOT NULL, 
	category_id INTEGER NOT NULL, 
	CONSTRAINT pk_category_channels PRIMARY KEY (channel_id), 
	CONSTRAINT fk_category_channels_category_id FOREIGN KEY(category_id) REFERENCES categories (category_id)
);
CREATE TABLE contestants (
	battle_id INTEGER NOT NULL, 
	side VARCHAR(1) NOT NULL, 
	model_id INTEGER NOT NULL, 
	reply TEXT DEFAULT '' NOT NULL, 
	cut_off BOOLEAN DEFAULT '0' NOT NULL, 
	first_token_seconds DOUBLE, 
	total_seconds DOUBLE, 
	input_tokens INTEGER, 
	output_tokens INTEGER, 
	leak TEXT, 
	rating_before DOUBLE, 
	rating_after DOUBLE, cost DOUBLE, hidden_at DOUBLE, hidden_by BIGINT, 
	CONSTRAINT pk_contestants PRIMARY KEY (battle_id, side), 
	CONSTRAINT ck_contestants_side CHECK (side in ('a', 'b')), 
	CONSTRAINT fk_contestants_battle_id FOREIGN KEY(battle_id) REFERENCES battles (battle_id), 
	CONSTRAINT fk_contestants_model_id FOREIGN KEY(model_id) REFERENCES models (model_id)
);
INSERT INTO "contestants" VALUES(1,'a',2,'Short. Two. ',0,2.80882730003213509917e-02,4.90586059995621326379e-02,7,2,NULL,1000.0,1.09055881731996032614e+03,NULL,NULL,NULL);
INSERT INTO "contestants" VALUES(1,'b',1,'Short. One. ',0,2.15219230003640404902e-02,5.33191200001965626142e-02,7,2,NULL,1000.0,9.09441182680039673837e+02,NULL,NULL,NULL);
INSERT INTO "contestants" VALUES(2,'a',1,'Short. One. ',0,4.05875700016622431576e-03,2.48426919997655204497e-02,7,2,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "contestants" VALUES(2,'b',2,'Short. Two. ',0,3.6417089995666174218e-03,2.66716469996026717126e-02,7,2,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE draws (
	battle_id INTEGER NOT NULL, 
	model_a INTEGER NOT NULL, 
	model_b INTEGER NOT NULL, 
	chances TEXT, 
	failed TEXT DEFAULT '[]' NOT NULL, 
	stepped_in TEXT DEFAULT '[]' NOT NULL, 
	CONSTRAINT pk_draws PRIMARY KEY (battle_id), 
	CONSTRAINT fk_draws_battle_id FOREIGN KEY(battle_id) REFERENCES battles (battle_id)
);
INSERT INTO "draws" VALUES(1,2,1,'{"1":1000000000,"2":1000000000}','[]','[]');
INSERT INTO "draws" VALUES(2,1,2,'{"1":1000000000,"2":1000000000}','[]','[]');
CREATE TABLE erasures (
	battle_id INTEGER NOT NULL, 
	user_id BIGINT NOT NULL, 
	CONSTRAINT pk_erasures PRIMARY KEY (battle_id, user_id), 
	CONSTRAINT fk_erasures_battle_id FOREIGN KEY(battle_id) REFERENCES battles (battle_id)
);
CREATE TABLE excluded_voters (
	guild_id BIGINT NOT NULL, 
	user_id BIGINT NOT NULL, 
	excluded_at DOUBLE NOT NULL, 
	actor_id BIGINT NOT NULL, 
	reason TEXT NOT NULL, 
	CONSTRAINT pk_excluded_voters PRIMARY KEY (guild_id, user_id), 
	CONSTRAINT fk_excluded_voters_guild_id FOREIGN KEY(guild_id) REFERENCES guilds (guild_id)
);
CREATE TABLE export_opt_outs (
	guild_id BIGINT NOT NULL, 
	user_id BIGINT NOT NULL, 
	CONSTRAINT pk_export_opt_outs PRIMARY KEY (guild_id, user_id), 
	CONSTRAINT fk_export_opt_outs_guild_id FOREIGN KEY(guild_id) REFERENCES guilds (guild_id)
);
CREATE TABLE guild_draws (
	guild_id BIGINT NOT NULL, 
	since DOUBLE, 
	drawn INTEGER NOT NULL, 
	battles INTEGER NOT NULL, 
	first_on_a INTEGER NOT NULL, 
	wins_a INTEGER NOT NULL, 
	wins_b INTEGER NOT NULL, 
	called_off INTEGER NOT NULL, 
	taken_out INTEGER NOT NULL, 
	CONSTRAINT pk_guild_draws PRIMARY KEY (guild_id), 
	CONSTRAINT fk_guild_draws_guild_id FOREIGN KEY(guild_id) REFERENCES guilds (guild_id)
);
INSERT INTO "guild_draws" VALUES(1576815910100926464,1.79601262675489187236e+09,1,1,0,1,0,0,0);
CREATE TABLE guild_settings (
	guild_id BIGINT NOT NULL, 
	document TEXT NOT NULL, 
	CONSTRAINT pk_guild_settings PRIMARY KEY (guild_id), 
	CONSTRAINT fk_guild_settings_guild_id FOREIGN KEY(guild_id) REFERENCES guilds (guild_id)
);
CREATE TABLE guilds (
	guild_id BIGINT NOT NULL, 
	first_seen_at DOUBLE NOT NULL, left_at DOUBLE, purged_at DOUBLE, 
	CONSTRAINT pk_guilds PRIMARY KEY (guild_id)
);
INSERT INTO "guilds" VALUES(1576815910100926464,1.79601262672651886941e+09,NULL,NULL);
CREATE TABLE model_draws (
	guild_id BIGINT NOT NULL, 
	model_id INTEGER NOT NULL, 
	drawn INTEGER NOT NULL, 
	expected BIGINT NOT NULL, 
	variance BIGINT NOT NULL, 
	seats INTEGER NOT NULL, 
	seats_a INTEGER NOT NULL, 
	stepped_in INTEGER NOT NULL, 
	failed INTEGER NOT NULL, 
	taken_out INTEGER NOT NULL, 
	CONSTRAINT pk_model_draws PRIMARY KEY (guild_id, model_id), 
	CONSTRAINT fk_model_draws_guild_id FOREIGN KEY(guild_id) REFERENCES guilds (guild_id), 
	CONSTRAINT fk_model_draws_model_id FOREIGN KEY(model_id) REFERENCES models (model_id)
);
INSERT INTO "model_draws" VALUES(1576815910100926464,1,1,1000000000,0,1,0,0,0,0);
INSERT INTO "model_draws" VALUES(1576815910100926464,2,1,1000000000,0,1,1,0,0,0);
CREATE TABLE models (
	model_id INTEGER NOT NULL, 
	guild_id BIGINT NOT NULL, 
	name VARCHAR(80) NOT NULL, 
	created_at DOUBLE NOT NULL, state VARCHAR(16) DEFAULT 'enabled' NOT NULL, code_name VARCHAR(80), settings TEXT, sealed TEXT, family VARCHAR(80), 
	CONSTRAINT pk_models PRIMARY KEY (model_id), 
	CONSTRAINT fk_models_guild_id FOREIGN KEY(guild_id) REFERENCES guilds (guild_id), 
	CONSTRAINT uq_models_guild_id_name UNIQUE (guild_id, name)
);
INSERT INTO "models" VALUES(1,1576815910100926464,'Northern Light',1.79601262672651886941e+09,'enabled',NULL,NULL,NULL,NULL);
INSERT INTO "models" VALUES(2,1576815910100926464,'Quiet Harbour',1.79601262672651886941e+09,'enabled',NULL,NULL,NULL,NULL);
CREATE TABLE pair_days (
	guild_id BIGINT NOT NULL, 
	category VARCHAR(64) NOT NULL, 
	day INTEGER NOT NULL, 
	season INTEGER NOT NULL, 
	model_i INTEGER NOT NULL, 
	model_j INTEGER NOT NULL, 
	battles INTEGER NOT NULL, 
	votes INTEGER NOT NULL, 
	score DOUBLE NOT NULL, 
	q DOUBLE NOT NULL, 
	r DOUBLE NOT NULL, 
	u INTEGER NOT NULL, 
	wins_i INTEGER NOT NULL, 
	wins_j INTEGER NOT NULL, 
	ties INTEGER NOT NULL, 
	both_bad INTEGER NOT NULL, 
	CONSTRAINT pk_pair_days PRIMARY KEY (guild_id, category, day, season, model_i, model_j), 
	CONSTRAINT ck_pair_days_order CHECK (model_i < model_j), 
	CONSTRAINT fk_pair_days_guild_id FOREIGN KEY(guild_id) REFERENCES guilds (guild_id), 
	CONSTRAINT fk_pair_days_model_i FOREIGN KEY(model_i) REFERENCES models (model_id), 
	CONSTRAINT fk_pair_days_model_j FOREIGN KEY(model_j) REFERENCES models (model_id)
);
INSERT INTO "pair_days" VALUES(1576815910100926464,'all',20787,1,1,2,1,2,0.0,0.0,0.0,4,0,2,0,0);
INSERT INTO "pair_days" VALUES(1576815910100926464,'lang:en',20787,1,1,2,1,2,0.0,0.0,0.0,4,0,2,0,0);
CREATE TABLE pair_sums (
	guild_id BIGINT NOT NULL, 
	category VARCHAR(64) NOT NULL, 
	season INTEGER NOT NULL, 
	model_i INTEGER NOT NULL, 
	model_j INTEGER NOT NULL, 
	battles INTEGER NOT NULL, 
	votes INTEGER NOT NULL, 
	score DOUBLE NOT NULL, 
	q DOUBLE NOT NULL, 
	r DOUBLE NOT NULL, 
	u INTEGER NOT NULL, 
	wins_i INTEGER NOT NULL, 
	wins_j INTEGER NOT NULL, 
	ties INTEGER NOT NULL, 
	both_bad INTEGER NOT NULL, 
	CONSTRAINT pk_pair_sums PRIMARY KEY (guild_id, category, season, model_i, model_j), 
	CONSTRAINT ck_pair_sums_order CHECK (model_i < model_j), 
	CONSTRAINT fk_pair_sums_guild_id FOREIGN KEY(guild_id) REFERENCES guilds (guild_id), 
	CONSTRAINT fk_pair_sums_model_i FOREIGN KEY(model_i) REFERENCES models (model_id), 
	CONSTRAINT fk_pair_sums_model_j FOREIGN KEY(model_j) REFERENCES models (model_id)
);
INSERT INTO "pair_sums" VALUES(1576815910100926464,'all',1,1,2,1,2,0.0,0.0,0.0,4,0,2,0,0);
INSERT INTO "pair_sums" VALUES(1576815910100926464,'lang:en',1,1,2,1,2,0.0,0.0,0.0,4,0,2,0,0);
CREATE TABLE registered_commands (
	application_id BIGINT NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_registered_commands PRIMARY KEY (application_id)
);
INSERT INTO "registered_commands" VALUES(1576815891016843264,'77ecdb59814f2bf51755411d7877c445f57c55ec3073db70c7e5b90f59da20e7');
CREATE TABLE report_notices (
	battle_id INTEGER NOT NULL, 
	side VARCHAR(1) NOT NULL, 
	channel_id BIGINT NOT NULL, 
	message_id BIGINT NOT NULL, 
	reports INTEGER NOT NULL, 
	CONSTRAINT pk_report_notices PRIMARY KEY (battle_id, side), 
	CONSTRAINT ck_report_notices_side CHECK (side in ('a', 'b')), 
	CONSTRAINT fk_report_notices_battle_id FOREIGN KEY(battle_id) REFERENCES battles (battle_id)
);
CREATE TABLE reports (
	battle_id INTEGER NOT NULL, 
	side VARCHAR(1) NOT NULL, 
	user_id BIGINT NOT NULL, 
	reason TEXT, 
	reported_at DOUBLE NOT NULL, 
	CONSTRAINT pk_reports PRIMARY KEY (battle_id, side, user_id), 
	CONSTRAINT ck_reports_side CHECK (side in ('a', 'b')), 
	CONSTRAINT fk_reports_battle_id FOREIGN KEY(battle_id) REFERENCES battles (battle_id)
);
CREATE TABLE seasons (
	guild_id BIGINT NOT NULL, 
	number INTEGER NOT NULL, 
	name VARCHAR(80) NOT NULL, 
	ended_at DOUBLE NOT NULL, 
	CONSTRAINT pk_seasons PRIMARY KEY (guild_id, number), 
	CONSTRAINT fk_seasons_guild_id FOREIGN KEY(guild_id) REFERENCES guilds (guild_id), 
	CONSTRAINT uq_seasons_guild_id_name UNIQUE (guild_id, name)
);
CREATE TABLE stale_cards (
	battle_id INTEGER NOT NULL, 
	CONSTRAINT pk_stale_cards PRIMARY KEY (battle_id), 
	CONSTRAINT fk_stale_cards_battle_id FOREIGN KEY(battle_id) REFERENCES battles (battle_id)
);
CREATE TABLE tournament_battles (
	battle_id INTEGER NOT NULL, 
	tournament_id INTEGER NOT NULL, 
	"of" INTEGER NOT NULL, 
	slot INTEGER NOT NULL, 
	prompt_id INTEGER NOT NULL, 
	failed_model_id INTEGER, 
	settled BOOLEAN NOT NULL, 
	CONSTRAINT pk_tournament_battles PRIMARY KEY (battle_id), 
	CONSTRAINT fk_tournament_battles_battle_id FOREIGN KEY(battle_id) REFERENCES battles (battle_id), 
	CONSTRAINT fk_tournament_battles_tournament_id FOREIGN KEY(tournament_id) REFERENCES tournaments (tournament_id)
);
CREATE TABLE tournament_matches (
	tournament_id INTEGER NOT NULL, 
	"of" INTEGER NOT NULL, 
	slot INTEGER NOT NULL, 
	winner INTEGER NOT NULL, 
	outcome VARCHAR(16) NOT NULL, 
	votes_won INTEGER NOT NULL, 
	votes_lost INTEGER NOT NULL, 
	decided_at DOUBLE NOT NULL, 
	announced BOOLEAN NOT NULL, 
	CONSTRAINT pk_tournament_matches PRIMARY KEY (tournament_id, "of", slot), 
	CONSTRAINT fk_tournament_matches_tournament_id FOREIGN KEY(tournament_id) REFERENCES tournaments (tournament_id)
);
CREATE TABLE tournament_models (
	tournament_id INTEGER NOT NULL, 
	seed INTEGER NOT NULL, 
	model_id INTEGER NOT NULL, 
	CONSTRAINT pk_tournament_models PRIMARY KEY (tournament_id, seed), 
	CONSTRAINT fk_tournament_models_model_id FOREIGN KEY(model_id) REFERENCES models (model_id), 
	CONSTRAINT fk_tournament_models_tournament_id FOREIGN KEY(tournament_id) REFERENCES tournaments (tournament_id)
);
CREATE TABLE tournament_prompts (
	prompt_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	tournament_id INTEGER NOT NULL, 
	author_id BIGINT NOT NULL, 
	prompt TEXT NOT NULL, 
	added_at DOUBLE NOT NULL, 
	CONSTRAINT fk_tournament_prompts_tournament_id FOREIGN KEY(tournament_id) REFERENCES tournaments (tournament_id)
);
CREATE TABLE tournaments (
	tournament_id INTEGER NOT NULL, 
	guild_id BIGINT NOT NULL, 
	channel_id BIGINT NOT NULL, 
	parent_id BIGINT, 
	running_in BIGINT, 
	locale VARCHAR(16) NOT NULL, 
	is_rated BOOLEAN NOT NULL, 
	voting_seconds INTEGER NOT NULL, 
	started_at DOUBLE NOT NULL, 
	ended_at DOUBLE, 
	called_after INTEGER, 
	CONSTRAINT pk_tournaments PRIMARY KEY (tournament_id), 
	CONSTRAINT fk_tournaments_guild_id FOREIGN KEY(guild_id) REFERENCES guilds (guild_id), 
	CONSTRAINT uq_tournaments_running_in UNIQUE (running_in)
);
CREATE TABLE turns (
	battle_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	prompt TEXT NOT NULL, 
	reply_a TEXT NOT NULL, 
	reply_b TEXT NOT NULL, 
	cut_off_a BOOLEAN NOT NULL, 
	cut_off_b BOOLEAN NOT NULL, 
	input_tokens_a INTEGER, 
	input_tokens_b INTEGER, 
	output_tokens_a INTEGER, 
	output_tokens_b INTEGER, 
	CONSTRAINT pk_turns PRIMARY KEY (battle_id, number), 
	CONSTRAINT fk_turns_battle_id FOREIGN KEY(battle_id) REFERENCES battles (battle_id)
);
CREATE TABLE votes (
	battle_id INTEGER NOT NULL, 
	user_id BIGINT NOT NULL, 
	vote VARCHAR(8), 
	unclear BOOLEAN NOT NULL, 
	paper VARCHAR(64) NOT NULL, 
	changed_at DOUBLE NOT NULL, uncounted VARCHAR(16), excluded BOOLEAN DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_votes PRIMARY KEY (battle_id, user_id), 
	CONSTRAINT ck_votes_vote CHECK (vote in ('a', 'b', 'tie', 'both_bad')), 
	CONSTRAINT fk_votes_battle_id FOREIGN KEY(battle_id) REFERENCES battles (battle_id)
);
INSERT INTO "votes" VALUES(1,1576815910105120772,'a',0,'a||',1.7960126270035192967e+09,NULL,0);
INSERT INTO "votes" VALUES(1,1576815910105120773,'a',0,'a||',1796012627.00361,NULL,0);
INSERT INTO "votes" VALUES(2,1576815910105120772,'tie',0,'tie||',1.79601262747517275808e+09,NULL,0);
CREATE INDEX ix_battles_guild_id_state ON battles (guild_id, state);
CREATE INDEX ix_battles_unfinished ON battles (state, redrawn_at);
CREATE INDEX ix_contestants_model_id ON contestants (model_id);
CREATE INDEX ix_audit_guild_id_audit_id ON audit (guild_id, audit_id);
CREATE INDEX ix_battles_guild_id_opened_at ON battles (guild_id, opened_at);
CREATE UNIQUE INDEX uq_models_guild_id_code_name ON models (guild_id, code_name);
CREATE INDEX ix_category_channels_category_id ON category_channels (category_id);
CREATE INDEX ix_battles_guild_id_asker_id ON battles (guild_id, asker_id);
CREATE INDEX ix_battles_guild_id_closed_at ON battles (guild_id, closed_at);
CREATE INDEX ix_votes_user_id ON votes (user_id);
CREATE INDEX ix_reports_user_id_reported_at ON reports (user_id, reported_at);
CREATE INDEX ix_battles_guild_id_texts_removed_at_closed_at ON battles (guild_id, texts_removed_at, closed_at);
CREATE INDEX ix_tournaments_guild_id_channel_id ON tournaments (guild_id, channel_id);
CREATE INDEX ix_tournament_battles_tournament_id ON tournament_battles (tournament_id);
CREATE INDEX ix_tournament_models_model_id ON tournament_models (model_id);
CREATE INDEX ix_tournament_prompts_author_id ON tournament_prompts (author_id);
CREATE INDEX ix_tournament_prompts_tournament_id ON tournament_prompts (tournament_id);
DELETE FROM "sqlite_sequence";
COMMIT;
