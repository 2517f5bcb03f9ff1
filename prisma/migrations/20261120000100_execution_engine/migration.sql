-- What the embedded execution engine needs and the schema language cannot say: partial indexes, and functions that decide
-- with a fresh snapshot per statement (plpgsql, READ COMMITTED) in one round trip. A transaction is never left open between
-- two round trips: a frozen process holds no locks.

-- The visit that ended a run, for whoever asks for its result.
ALTER TABLE execution ADD COLUMN IF NOT EXISTS last_key TEXT;

CREATE UNIQUE INDEX IF NOT EXISTS trigger_event_dedupe
  ON trigger_event (organization_id, (COALESCE(trigger_id, 'flow:' || flow_id)), dedupe_key) WHERE dedupe_key IS NOT NULL;
CREATE INDEX IF NOT EXISTS execution_queue
  ON execution (organization_id, priority DESC, queued_at) WHERE status = 'queued' AND engine = 'embedded';
CREATE INDEX IF NOT EXISTS execution_wake
  ON execution (wake_at) WHERE status = 'waiting' AND engine = 'embedded' AND wake_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS execution_running
  ON execution (organization_id) WHERE status = 'running' AND engine = 'embedded';
CREATE INDEX IF NOT EXISTS execution_cancel
  ON execution (worker_id) WHERE status = 'running' AND engine = 'embedded' AND cancel_requested;
CREATE UNIQUE INDEX IF NOT EXISTS worker_lock_no ON worker (lock_no);

-- Rows come and go quickly: clean up by count rather than by share of a table that only grows.
ALTER TABLE execution SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 2000, fillfactor = 85);
ALTER TABLE worker SET (fillfactor = 50);

CREATE OR REPLACE FUNCTION engine_is_terminal(p_status TEXT) RETURNS BOOLEAN LANGUAGE sql IMMUTABLE
AS $$ SELECT p_status IN ('succeeded', 'failed', 'cancelled', 'timed_out') $$;

-- What becomes of a run that its worker lets go of: an acknowledged cancel wins, and an event that came meanwhile un-parks it.
CREATE OR REPLACE FUNCTION engine_next_status(p_wanted TEXT, p_cancel BOOLEAN, p_woken BOOLEAN) RETURNS TEXT LANGUAGE sql IMMUTABLE
AS $$ SELECT CASE WHEN p_cancel THEN 'cancelled' WHEN p_wanted = 'waiting' AND p_woken THEN 'queued' ELSE p_wanted END $$;

-- Fair claim: organizations least recently served first, an equal share in the first pass, the rest in the second. The
-- organization's row lock makes "count, then claim" atomic against other processes.
CREATE OR REPLACE FUNCTION engine_claim(p_worker UUID, p_want INT) RETURNS SETOF execution LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_left INT := p_want;
  v_organizations TEXT[];
  v_organization RECORD;
  v_share INT;
  v_free INT;
  v_taken INT;
BEGIN
  FOR v_pass IN 1..2 LOOP
    -- Every organization with work, by hopping over the index.
    WITH RECURSIVE hop AS (
      (SELECT organization_id FROM execution WHERE status = 'queued' AND engine = 'embedded' ORDER BY organization_id LIMIT 1)
      UNION ALL
      SELECT (SELECT e.organization_id FROM execution e
              WHERE e.status = 'queued' AND e.engine = 'embedded' AND e.organization_id > hop.organization_id
              ORDER BY e.organization_id LIMIT 1)
      FROM hop WHERE hop.organization_id IS NOT NULL
    )
    SELECT array_agg(organization_id) INTO v_organizations FROM hop WHERE organization_id IS NOT NULL;
    EXIT WHEN v_organizations IS NULL;
    v_share := CASE v_pass WHEN 1 THEN greatest(1, ceil(v_left::NUMERIC / cardinality(v_organizations))::INT) ELSE v_left END;
    FOR v_organization IN
      SELECT o.id, o.max_concurrent FROM organization o WHERE o.id = ANY (v_organizations)
      ORDER BY o.last_claim_at LIMIT 200 FOR NO KEY UPDATE SKIP LOCKED
    LOOP
      EXIT WHEN v_left <= 0;
      SELECT v_organization.max_concurrent - count(*) INTO v_free FROM (
        SELECT 1 FROM execution WHERE organization_id = v_organization.id AND status = 'running' AND engine = 'embedded'
        LIMIT v_organization.max_concurrent) AS running;
      CONTINUE WHEN v_free <= 0;
      RETURN QUERY
        UPDATE execution AS e
        SET status = 'running', worker_id = p_worker, claim_no = e.claim_no + 1, wake_at = NULL,
            started_at = COALESCE(e.started_at, clock_timestamp())
        WHERE e.id = ANY (ARRAY(
          SELECT q.id FROM execution q WHERE q.organization_id = v_organization.id AND q.status = 'queued' AND q.engine = 'embedded'
          ORDER BY q.priority DESC, q.queued_at LIMIT least(v_free, v_left, v_share) FOR NO KEY UPDATE SKIP LOCKED))
        RETURNING e.*;
      GET DIAGNOSTICS v_taken = ROW_COUNT;
      v_left := v_left - v_taken;
      IF v_taken > 0 THEN
        UPDATE organization SET last_claim_at = clock_timestamp() WHERE id = v_organization.id;
      END IF;
    END LOOP;
    EXIT WHEN v_left <= 0;
  END LOOP;
END $$;

-- One group commit of a worker: arrivals (s_), journal rows (j_), payloads (b_), executions it lets go of (e_), then timers
-- that are due and new claims. Sending the same batch again changes nothing and answers the same, so that a batch whose
-- answer was lost with the connection is simply sent again.
--
-- Answers rows by kind: fenced (nothing was written), start, end, claimed, cancel (a running one shall stop), more (work is
-- queued), wake (when the next timer is due).
CREATE OR REPLACE FUNCTION engine_flush(
  p_worker UUID, p_durable BOOLEAN, p_claim INT, p_wake BOOLEAN,
  s_event TEXT[], s_id TEXT[], s_organization TEXT[], s_flow TEXT[], s_trigger TEXT[], s_type TEXT[], s_dedupe TEXT[],
  s_version INT[], s_draft TEXT[], s_mode TEXT[], s_node TEXT[], s_input TEXT[], s_input_payload TEXT[], s_variables TEXT[],
  s_retry_of TEXT[], s_created_by TEXT[], s_status TEXT[], s_seq INT[], s_error TEXT[], s_last_key TEXT[],
  s_started TIMESTAMPTZ[], s_finished TIMESTAMPTZ[],
  j_id TEXT[], j_seq INT[], j_organization TEXT[], j_key TEXT[], j_node TEXT[], j_run INT[], j_attempt INT[], j_status TEXT[],
  j_effect TEXT[], j_counts TEXT[], j_sources TEXT[], j_output TEXT[], j_payload TEXT[], j_error TEXT[], j_wake TIMESTAMPTZ[],
  j_started TIMESTAMPTZ[], j_finished TIMESTAMPTZ[],
  b_id TEXT[], b_organization TEXT[], b_execution TEXT[], b_of_step BOOLEAN[], b_bytes BYTEA[],
  e_id TEXT[], e_claim INT[], e_status TEXT[], e_seq INT[], e_error TEXT[], e_last_key TEXT[], e_wake TIMESTAMPTZ[],
  e_wake_seq INT[], e_finished TIMESTAMPTZ[], e_waited BOOLEAN[]
) RETURNS TABLE (
  kind TEXT, id TEXT, status TEXT, at FLOAT8, organization_id TEXT, flow_id TEXT, flow_version INT, draft_graph TEXT, mode TEXT,
  trigger_node_id TEXT, input TEXT, input_payload_id TEXT, variables TEXT, seq INT, claim_no INT, wake_seq INT,
  cancel_requested BOOLEAN, queued_at FLOAT8, started_at FLOAT8
) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_refused TEXT[] := '{}';
  v_ended TEXT[];
  v_commit TEXT := current_setting('synchronous_commit');
BEGIN
  IF NOT p_durable THEN PERFORM set_config('synchronous_commit', 'off', TRUE); END IF;

  -- The fence. It conflicts with the row lock under which a worker is taken for dead, not with heartbeats.
  PERFORM 1 FROM worker w WHERE w.id = p_worker AND NOT w.fenced FOR KEY SHARE;
  IF NOT FOUND THEN
    RETURN QUERY SELECT 'fenced', NULL, NULL, NULL::FLOAT8, NULL, NULL, NULL::INT, NULL, NULL, NULL, NULL, NULL, NULL, NULL::INT,
      NULL::INT, NULL::INT, NULL::BOOLEAN, NULL::FLOAT8, NULL::FLOAT8;
    RETURN;
  END IF;

  IF s_id IS NOT NULL THEN
    -- In order, so that two processes cannot wait for each other; it also puts arrivals with equal keys in a row.
    PERFORM 1 FROM organization o WHERE o.id = ANY (s_organization) ORDER BY o.id FOR NO KEY UPDATE;

    INSERT INTO trigger_event (id, organization_id, flow_id, trigger_id, type, dedupe_key, execution_id, received_at)
    SELECT t.event, t.organization, t.flow, t.trigger, t.type, t.dedupe, t.id, COALESCE(t.started, clock_timestamp())
    FROM unnest(s_event, s_id, s_organization, s_flow, s_trigger, s_type, s_dedupe, s_started)
      AS t (event, id, organization, flow, trigger, type, dedupe, started)
    ON CONFLICT DO NOTHING;

    -- A run that began in memory is admitted while its organization has room and nothing queues before it; otherwise it is
    -- recorded as queued, and what it did so far (nothing but pure steps) is forgotten.
    INSERT INTO execution (id, organization_id, flow_id, flow_version, draft_graph, mode, status, seq, trigger_node_id, input,
      input_payload_id, variables, retry_of_id, created_by_id, queued_at, created_at, started_at, finished_at, worker_id, claim_no,
      error, last_key)
    SELECT t.id, t.organization, t.flow, t.version, t.draft, t.mode, v.status, CASE WHEN v.admitted THEN t.seq ELSE 0 END, t.node,
      t.input, t.input_payload, t.variables, t.retry_of, t.created_by, t.started, t.started,
      CASE WHEN v.admitted THEN t.started END, CASE WHEN v.admitted THEN t.finished END,
      CASE WHEN v.status = 'running' THEN p_worker END, CASE WHEN v.admitted THEN 1 ELSE 0 END,
      CASE WHEN v.admitted THEN t.error END, CASE WHEN v.admitted THEN t.last_key END
    FROM (
      SELECT u.*, count(*) FILTER (WHERE u.status = 'running') OVER (PARTITION BY u.organization ORDER BY u.position) AS running_rank
      FROM (
        SELECT a.event, a.id, a.organization, a.flow, a.version, a.draft, a.mode, a.node, a.input, a.input_payload, a.variables,
          a.retry_of, a.created_by, a.status, a.seq, a.error, a.last_key, COALESCE(a.started, clock_timestamp()) AS started,
          a.finished, a.position
        FROM unnest(s_event, s_id, s_organization, s_flow, s_version, s_draft, s_mode, s_node, s_input, s_input_payload,
          s_variables, s_retry_of, s_created_by, s_status, s_seq, s_error, s_last_key, s_started, s_finished)
          WITH ORDINALITY AS a (event, id, organization, flow, version, draft, mode, node, input, input_payload, variables, retry_of,
          created_by, status, seq, error, last_key, started, finished, position)
        JOIN trigger_event recorded ON recorded.id = a.event AND recorded.execution_id = a.id
      ) u
    ) t
    LEFT JOIN (
      SELECT o.id AS organization,
        CASE WHEN EXISTS (SELECT 1 FROM execution q
                          WHERE q.organization_id = o.id AND q.status = 'queued' AND q.engine = 'embedded') THEN 0
          ELSE o.max_concurrent - (SELECT count(*) FROM execution r
                                   WHERE r.organization_id = o.id AND r.status = 'running' AND r.engine = 'embedded')
        END AS free
      FROM organization o WHERE o.id = ANY (s_organization)
    ) room ON room.organization = t.organization
    CROSS JOIN LATERAL (SELECT t.status <> 'queued' AND COALESCE(room.free, 0) > 0
      AND t.running_rank <= COALESCE(room.free, 0) AS admitted) x
    CROSS JOIN LATERAL (SELECT x.admitted, CASE WHEN x.admitted THEN t.status ELSE 'queued' END AS status) v
    ON CONFLICT DO NOTHING;

    SELECT COALESCE(array_agg(t.id), '{}') INTO v_refused
    FROM unnest(s_id, s_status) AS t (id, wanted) LEFT JOIN execution e ON e.id = t.id
    WHERE t.wanted <> 'queued' AND (e.id IS NULL OR NOT (engine_is_terminal(e.status) OR e.worker_id IS NOT DISTINCT FROM p_worker));

    -- `organization_id` carries the id of the earlier execution when the arrival was a duplicate.
    RETURN QUERY
      SELECT 'start', t.id,
        CASE WHEN e.id IS NULL THEN 'duplicate' WHEN t.wanted <> 'queued' AND t.id <> ALL (v_refused) THEN 'admitted' ELSE 'queued' END,
        NULL::FLOAT8,
        CASE WHEN e.id IS NULL THEN COALESCE(
          (SELECT d.execution_id FROM trigger_event d WHERE d.id = t.event),
          (SELECT d.execution_id FROM trigger_event d WHERE d.organization_id = t.organization AND d.dedupe_key = t.dedupe
             AND COALESCE(d.trigger_id, 'flow:' || d.flow_id) = COALESCE(t.trigger, 'flow:' || t.flow))) END,
        NULL, NULL::INT, NULL, NULL, NULL, NULL, NULL, NULL, NULL::INT, NULL::INT, NULL::INT, NULL::BOOLEAN, NULL::FLOAT8, NULL::FLOAT8
      FROM unnest(s_event, s_id, s_organization, s_flow, s_trigger, s_dedupe, s_status)
        AS t (event, id, organization, flow, trigger, dedupe, wanted)
      LEFT JOIN execution e ON e.id = t.id;
  END IF;

  IF b_id IS NOT NULL THEN
    INSERT INTO payload (id, organization_id, execution_id, content_type, size, bytes)
    SELECT t.id, t.organization, t.execution, 'application/json', length(t.bytes), t.bytes
    FROM unnest(b_id, b_organization, b_execution, b_of_step, b_bytes) AS t (id, organization, execution, of_step, bytes)
    WHERE EXISTS (SELECT 1 FROM execution e WHERE e.id = t.execution) AND (NOT t.of_step OR t.execution <> ALL (v_refused))
    ON CONFLICT DO NOTHING;
  END IF;

  IF j_id IS NOT NULL THEN
    INSERT INTO execution_step (execution_id, seq, organization_id, key, node_id, run_index, attempt, status, effect, counts, sources,
      output, payload_id, error, wake_at, started_at, finished_at)
    SELECT t.id, t.seq, t.organization, t.key, t.node, t.run, t.attempt, t.status, t.effect, t.counts::INT[], t.sources, t.output,
      t.payload, t.error, t.wake, t.started, t.finished
    FROM unnest(j_id, j_seq, j_organization, j_key, j_node, j_run, j_attempt, j_status, j_effect, j_counts, j_sources, j_output,
      j_payload, j_error, j_wake, j_started, j_finished)
      AS t (id, seq, organization, key, node, run, attempt, status, effect, counts, sources, output, payload, error, wake, started, finished)
    WHERE t.id <> ALL (v_refused)
    ON CONFLICT DO NOTHING;
  END IF;

  IF e_id IS NOT NULL THEN
    UPDATE execution AS e
    SET status = engine_next_status(t.status, e.cancel_requested, e.wake_seq <> t.wake_seq),
      seq = CASE WHEN engine_is_terminal(engine_next_status(t.status, e.cancel_requested, FALSE)) THEN t.seq + 1 ELSE t.seq END,
      error = CASE WHEN e.cancel_requested THEN NULL ELSE t.error END,
      last_key = CASE WHEN e.cancel_requested THEN NULL ELSE t.last_key END,
      worker_id = NULL,
      wake_at = CASE WHEN engine_next_status(t.status, e.cancel_requested, e.wake_seq <> t.wake_seq) = 'waiting' THEN t.wake END,
      queued_at = CASE WHEN engine_next_status(t.status, e.cancel_requested, e.wake_seq <> t.wake_seq) = 'queued'
        THEN clock_timestamp() ELSE e.queued_at END,
      finished_at = CASE WHEN engine_is_terminal(engine_next_status(t.status, e.cancel_requested, FALSE)) THEN t.finished END
    FROM unnest(e_id, e_claim, e_status, e_seq, e_error, e_last_key, e_wake, e_wake_seq, e_finished)
      AS t (id, claim, status, seq, error, last_key, wake, wake_seq, finished)
    WHERE e.id = t.id AND e.worker_id = p_worker AND e.claim_no = t.claim AND e.status = 'running' AND t.id <> ALL (v_refused);

    SELECT array_agg(e.id) INTO v_ended
    FROM unnest(e_id, e_waited) AS t (id, waited) JOIN execution e ON e.id = t.id
    WHERE engine_is_terminal(e.status) AND (t.waited OR e.wake_seq > 0);
    IF v_ended IS NOT NULL THEN
      DELETE FROM execution_wait WHERE execution_id = ANY (v_ended);
      DELETE FROM execution_signal WHERE execution_id = ANY (v_ended);
    END IF;

    RETURN QUERY
      SELECT 'end', e.id, e.status, NULL::FLOAT8, NULL, NULL, NULL::INT, NULL, NULL, NULL, NULL, NULL, NULL, e.seq, e.claim_no,
        e.wake_seq, e.cancel_requested, NULL::FLOAT8, NULL::FLOAT8
      FROM execution e WHERE e.id = ANY (e_id);
  END IF;

  IF p_wake THEN
    UPDATE execution AS e SET status = 'queued', wake_at = NULL, wake_seq = e.wake_seq + 1, queued_at = clock_timestamp()
    WHERE e.id = ANY (ARRAY(
      SELECT d.id FROM execution d
      WHERE d.status = 'waiting' AND d.engine = 'embedded' AND d.wake_at IS NOT NULL AND d.wake_at <= clock_timestamp()
      ORDER BY d.wake_at LIMIT 500 FOR NO KEY UPDATE SKIP LOCKED));
    RETURN QUERY
      SELECT 'wake', NULL, NULL, (extract(epoch FROM min(e.wake_at)) * 1000)::FLOAT8, NULL, NULL, NULL::INT, NULL, NULL, NULL, NULL,
        NULL, NULL, NULL::INT, NULL::INT, NULL::INT, NULL::BOOLEAN, NULL::FLOAT8, NULL::FLOAT8
      FROM execution e WHERE e.status = 'waiting' AND e.engine = 'embedded' AND e.wake_at IS NOT NULL;
  END IF;

  RETURN QUERY
    SELECT 'cancel', e.id, NULL, NULL::FLOAT8, NULL, NULL, NULL::INT, NULL, NULL, NULL, NULL, NULL, NULL, NULL::INT, NULL::INT,
      NULL::INT, NULL::BOOLEAN, NULL::FLOAT8, NULL::FLOAT8
    FROM execution e WHERE e.worker_id = p_worker AND e.status = 'running' AND e.engine = 'embedded' AND e.cancel_requested;

  IF p_claim > 0 THEN
    RETURN QUERY
      SELECT 'claimed', c.id, c.status, (extract(epoch FROM clock_timestamp()) * 1000)::FLOAT8, c.organization_id, c.flow_id,
        c.flow_version, c.draft_graph, c.mode, c.trigger_node_id, c.input, c.input_payload_id, c.variables, c.seq, c.claim_no,
        c.wake_seq, c.cancel_requested, (extract(epoch FROM c.queued_at) * 1000)::FLOAT8,
        (extract(epoch FROM c.started_at) * 1000)::FLOAT8
      FROM engine_claim(p_worker, p_claim) c;
    -- A claim that a crash of the database undid would be made twice, under the same number.
    IF FOUND THEN PERFORM set_config('synchronous_commit', v_commit, TRUE); END IF;
  END IF;

  IF EXISTS (SELECT 1 FROM execution e WHERE e.status = 'queued' AND e.engine = 'embedded') THEN
    RETURN QUERY SELECT 'more', NULL, NULL, NULL::FLOAT8, NULL, NULL, NULL::INT, NULL, NULL, NULL, NULL, NULL, NULL, NULL::INT,
      NULL::INT, NULL::INT, NULL::BOOLEAN, NULL::FLOAT8, NULL::FLOAT8;
  END IF;
END $$;

-- Delivers an event to an execution that has not ended. False when nobody will ever take it: ended, or consumed before.
CREATE OR REPLACE FUNCTION engine_deliver(p_organization TEXT, p_execution TEXT, p_event TEXT, p_correlation TEXT, p_payload TEXT)
RETURNS BOOLEAN LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_matched BOOLEAN;
BEGIN
  PERFORM 1 FROM execution e WHERE e.id = p_execution AND e.organization_id = p_organization AND NOT engine_is_terminal(e.status)
    FOR NO KEY UPDATE;
  IF NOT FOUND THEN RETURN FALSE; END IF;
  INSERT INTO execution_signal (organization_id, execution_id, event, correlation, payload)
  VALUES (p_organization, p_execution, p_event, p_correlation, p_payload) ON CONFLICT (event, correlation) DO NOTHING;
  IF NOT FOUND THEN RETURN FALSE; END IF;
  UPDATE execution_wait SET payload = p_payload
  WHERE execution_id = p_execution AND event = p_event AND correlation = p_correlation AND payload IS NULL;
  v_matched := FOUND;
  UPDATE execution AS e
  SET wake_seq = e.wake_seq + 1,
    status = CASE WHEN v_matched AND e.status = 'waiting' THEN 'queued' ELSE e.status END,
    wake_at = CASE WHEN v_matched AND e.status = 'waiting' THEN NULL ELSE e.wake_at END,
    queued_at = CASE WHEN v_matched AND e.status = 'waiting' THEN clock_timestamp() ELSE e.queued_at END
  WHERE e.id = p_execution;
  RETURN TRUE;
END $$;

-- Registers a wait of a running execution and looks whether its event came already. With `p_expire`, a wait whose event has not
-- come is closed: an event that comes later is refused. `held` is false when the caller has lost the execution.
CREATE OR REPLACE FUNCTION engine_wait(p_worker UUID, p_claim INT, p_organization TEXT, p_execution TEXT, p_key TEXT, p_event TEXT,
  p_correlation TEXT, p_expires TIMESTAMPTZ, p_expire BOOLEAN)
RETURNS TABLE (held BOOLEAN, payload TEXT, wake_seq INT) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_wake_seq INT;
  v_payload TEXT;
BEGIN
  SELECT e.wake_seq INTO v_wake_seq FROM execution e
  WHERE e.id = p_execution AND e.worker_id = p_worker AND e.claim_no = p_claim AND e.status = 'running' FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN QUERY SELECT FALSE, NULL::TEXT, NULL::INT;
    RETURN;
  END IF;
  IF p_expire THEN
    INSERT INTO execution_signal (organization_id, execution_id, event, correlation, payload)
    VALUES (p_organization, p_execution, p_event, p_correlation, 'null') ON CONFLICT (event, correlation) DO NOTHING;
  END IF;
  SELECT s.payload INTO v_payload FROM execution_signal s
  WHERE s.event = p_event AND s.correlation = p_correlation AND s.execution_id = p_execution;
  IF v_payload IS NULL THEN
    INSERT INTO execution_wait (execution_id, key, organization_id, event, correlation, expires_at)
    VALUES (p_execution, p_key, p_organization, p_event, p_correlation, p_expires) ON CONFLICT (execution_id, key) DO NOTHING;
  END IF;
  RETURN QUERY SELECT TRUE, v_payload, v_wake_seq;
END $$;

-- Asks an execution to stop. Ends it at once when no worker has it. Answers its status before and after; null for an unknown one.
CREATE OR REPLACE FUNCTION engine_cancel(p_execution TEXT) RETURNS TABLE (before TEXT, after TEXT) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_status TEXT;
BEGIN
  SELECT e.status INTO v_status FROM execution e WHERE e.id = p_execution AND e.engine = 'embedded' FOR NO KEY UPDATE;
  IF NOT FOUND OR engine_is_terminal(v_status) THEN
    RETURN QUERY SELECT v_status, v_status;
    RETURN;
  END IF;
  IF v_status = 'running' THEN
    UPDATE execution AS e SET cancel_requested = TRUE, wake_seq = e.wake_seq + 1 WHERE e.id = p_execution AND NOT e.cancel_requested;
  ELSE
    UPDATE execution AS e
    SET cancel_requested = TRUE, wake_seq = e.wake_seq + 1, status = 'cancelled', wake_at = NULL, finished_at = clock_timestamp(),
      seq = 1 + (SELECT COALESCE(max(s.seq), 0) FROM execution_step s WHERE s.execution_id = p_execution)
    WHERE e.id = p_execution;
    DELETE FROM execution_wait WHERE execution_id = p_execution;
    DELETE FROM execution_signal WHERE execution_id = p_execution;
  END IF;
  RETURN QUERY SELECT v_status, (SELECT e.status FROM execution e WHERE e.id = p_execution);
END $$;

-- Puts back what a worker holds: cancelled ones end, the others queue where they were. Without ids: everything it holds.
CREATE OR REPLACE FUNCTION engine_requeue(p_worker UUID, p_executions TEXT[], p_claims INT[]) RETURNS INT LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_ended TEXT[];
  v_ended_count INT;
  v_queued INT;
BEGIN
  WITH ended AS (
    UPDATE execution AS e
    SET status = 'cancelled', worker_id = NULL, finished_at = clock_timestamp(),
      seq = 1 + (SELECT COALESCE(max(s.seq), 0) FROM execution_step s WHERE s.execution_id = e.id)
    WHERE e.worker_id = p_worker AND e.status = 'running' AND e.engine = 'embedded' AND e.cancel_requested
      AND (p_executions IS NULL OR (e.id, e.claim_no) IN (SELECT * FROM unnest(p_executions, p_claims)))
    RETURNING e.id
  ) SELECT array_agg(id), count(*) INTO v_ended, v_ended_count FROM ended;
  IF v_ended IS NOT NULL THEN
    DELETE FROM execution_wait WHERE execution_id = ANY (v_ended);
    DELETE FROM execution_signal WHERE execution_id = ANY (v_ended);
  END IF;
  UPDATE execution AS e SET status = 'queued', worker_id = NULL
  WHERE e.worker_id = p_worker AND e.status = 'running' AND e.engine = 'embedded'
    AND (p_executions IS NULL OR (e.id, e.claim_no) IN (SELECT * FROM unnest(p_executions, p_claims)));
  GET DIAGNOSTICS v_queued = ROW_COUNT;
  RETURN v_queued + v_ended_count;
END $$;

-- Fences workers that are dead and queues what they held. Dead is: no sign of life for a lease; or its session is gone (the
-- advisory lock is free) and it has been silent for `p_quiet_ms`, or its process on this machine is gone. Time in which the
-- database itself was down counts for nobody.
CREATE OR REPLACE FUNCTION engine_reap(p_worker UUID, p_lease_ms INT, p_quiet_ms INT, p_host TEXT, p_gone_pids INT[])
RETURNS TABLE (worker UUID, executions INT) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_worker RECORD;
  v_silent FLOAT8;
BEGIN
  PERFORM 1 FROM worker w WHERE w.id = p_worker AND NOT w.fenced FOR KEY SHARE;
  IF NOT FOUND THEN RETURN; END IF;
  FOR v_worker IN
    -- A worker whose flush is under way holds a key share of its row, and is skipped: it is alive.
    SELECT w.* FROM worker w WHERE NOT w.fenced AND w.id <> p_worker
      AND (w.heartbeat_at < clock_timestamp() - make_interval(secs => least(p_lease_ms, p_quiet_ms) / 1000.0)
        OR (w.host = p_host AND w.pid = ANY (p_gone_pids)))
    ORDER BY w.id FOR UPDATE SKIP LOCKED
  LOOP
    v_silent := extract(epoch FROM clock_timestamp() - greatest(v_worker.heartbeat_at, pg_postmaster_start_time())) * 1000;
    CONTINUE WHEN NOT (v_silent > p_lease_ms OR (
      (v_silent > p_quiet_ms OR (v_worker.host = p_host AND v_worker.pid = ANY (p_gone_pids)))
      AND pg_try_advisory_xact_lock(7707, v_worker.lock_no::INT)));
    UPDATE worker SET fenced = TRUE WHERE id = v_worker.id;
    RETURN QUERY SELECT v_worker.id, engine_requeue(v_worker.id, NULL, NULL);
  END LOOP;
  DELETE FROM worker w WHERE w.fenced AND w.heartbeat_at < clock_timestamp() - interval '1 day'
    AND NOT EXISTS (SELECT 1 FROM execution e WHERE e.worker_id = w.id AND e.status = 'running');
END $$;

-- A worker that ends on purpose: none of its writes count from now on, and others take over what is left.
CREATE OR REPLACE FUNCTION engine_retire(p_worker UUID) RETURNS INT LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM worker w WHERE w.id = p_worker FOR UPDATE;
  UPDATE worker SET fenced = TRUE WHERE id = p_worker;
  RETURN engine_requeue(p_worker, NULL, NULL);
END $$;
