-- What flows say about their executions: how many may be under way, when arrivals are put off, how long one may take; and the
-- pause. Executions of flows that say nothing have null in all of it, and pay nothing.
ALTER TABLE execution
  -- Key and size of the gate that it has to pass, and what becomes of it when there is no room: queue, skip, cancelPrevious.
  ADD COLUMN gate_key TEXT,
  ADD COLUMN gate_limit INTEGER,
  ADD COLUMN overlap TEXT,
  -- It has not passed yet: nobody claims it.
  ADD COLUMN gated BOOLEAN NOT NULL DEFAULT FALSE,
  ADD COLUMN debounce_key TEXT,
  -- When the first of the arrivals came that it stands for.
  ADD COLUMN debounced_since TIMESTAMPTZ(6),
  ADD COLUMN throttle_key TEXT,
  ADD COLUMN throttled_at TIMESTAMPTZ(6),
  ADD COLUMN timeout_ms DOUBLE PRECISION,
  ADD COLUMN deadline_at TIMESTAMPTZ(6),
  ADD COLUMN pause_requested BOOLEAN NOT NULL DEFAULT FALSE,
  ADD COLUMN paused_at TIMESTAMPTZ(6);

CREATE INDEX IF NOT EXISTS execution_ready
  ON execution (organization_id, priority DESC, queued_at) WHERE status = 'queued' AND engine = 'embedded' AND NOT gated;
DROP INDEX IF EXISTS execution_queue;
CREATE INDEX IF NOT EXISTS execution_gate_queue
  ON execution (gate_key, priority DESC, created_at, id) WHERE status = 'queued' AND gated;
CREATE INDEX IF NOT EXISTS execution_gate_passed
  ON execution (gate_key, created_at, id) WHERE gate_key IS NOT NULL AND status IN ('queued', 'running', 'waiting', 'paused');
CREATE INDEX IF NOT EXISTS execution_debounce
  ON execution (debounce_key) WHERE debounce_key IS NOT NULL AND status = 'waiting' AND started_at IS NULL;
CREATE INDEX IF NOT EXISTS execution_throttle ON execution (throttle_key, throttled_at DESC) WHERE throttle_key IS NOT NULL;
CREATE INDEX IF NOT EXISTS execution_deadline
  ON execution (deadline_at) WHERE deadline_at IS NOT NULL AND status IN ('queued', 'running', 'waiting');

-- What becomes of a run that its worker lets go of: an acknowledged cancel wins, then a pause; and an event that came meanwhile
-- un-parks it.
CREATE OR REPLACE FUNCTION engine_let_go(p_wanted TEXT, p_cancel BOOLEAN, p_woken BOOLEAN, p_pause BOOLEAN) RETURNS TEXT
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN p_cancel THEN 'cancelled' WHEN p_pause AND p_wanted IN ('waiting', 'queued') THEN 'paused'
    WHEN p_wanted = 'waiting' AND p_woken THEN 'queued' ELSE p_wanted END
$$;

-- As before, without those before a gate; the first claim sets the deadline.
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
      (SELECT organization_id FROM execution WHERE status = 'queued' AND engine = 'embedded' AND NOT gated ORDER BY organization_id LIMIT 1)
      UNION ALL
      SELECT (SELECT e.organization_id FROM execution e
              WHERE e.status = 'queued' AND e.engine = 'embedded' AND NOT e.gated AND e.organization_id > hop.organization_id
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
            started_at = COALESCE(e.started_at, clock_timestamp()),
            deadline_at = COALESCE(e.deadline_at, clock_timestamp() + make_interval(secs => e.timeout_ms / 1000))
        WHERE e.id = ANY (ARRAY(
          SELECT q.id FROM execution q WHERE q.organization_id = v_organization.id AND q.status = 'queued' AND q.engine = 'embedded' AND NOT q.gated
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

-- As before; see `engine_let_go`, and `status` of claimed rows.
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
                          WHERE q.organization_id = o.id AND q.status = 'queued' AND q.engine = 'embedded' AND NOT q.gated) THEN 0
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
    SET status = engine_let_go(t.status, e.cancel_requested, e.wake_seq <> t.wake_seq, e.pause_requested),
      seq = CASE WHEN engine_is_terminal(engine_let_go(t.status, e.cancel_requested, FALSE, FALSE)) THEN t.seq + 1 ELSE t.seq END,
      error = CASE WHEN e.cancel_requested THEN NULL ELSE t.error END,
      last_key = CASE WHEN e.cancel_requested THEN NULL ELSE t.last_key END,
      worker_id = NULL,
      wake_at = CASE WHEN engine_let_go(t.status, e.cancel_requested, e.wake_seq <> t.wake_seq, e.pause_requested) = 'waiting' THEN t.wake END,
      paused_at = CASE WHEN engine_let_go(t.status, e.cancel_requested, e.wake_seq <> t.wake_seq, e.pause_requested) = 'paused'
        THEN clock_timestamp() END,
      pause_requested = FALSE,
      queued_at = CASE WHEN engine_let_go(t.status, e.cancel_requested, e.wake_seq <> t.wake_seq, e.pause_requested) = 'queued'
        THEN clock_timestamp() ELSE e.queued_at END,
      finished_at = CASE WHEN engine_is_terminal(engine_let_go(t.status, e.cancel_requested, FALSE, FALSE)) THEN t.finished END
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

  -- `status` of a claimed one carries, as JSON, what its flow's policies say of it, where they say anything.
  IF p_claim > 0 THEN
    RETURN QUERY
      SELECT 'claimed', c.id,
        CASE WHEN c.gate_key IS NULL AND c.deadline_at IS NULL THEN c.status
          ELSE json_build_object('gate', c.gate_key, 'deadline', extract(epoch FROM c.deadline_at) * 1000)::TEXT END,
        (extract(epoch FROM clock_timestamp()) * 1000)::FLOAT8, c.organization_id, c.flow_id,
        c.flow_version, c.draft_graph, c.mode, c.trigger_node_id, c.input, c.input_payload_id, c.variables, c.seq, c.claim_no,
        c.wake_seq, c.cancel_requested, (extract(epoch FROM c.queued_at) * 1000)::FLOAT8,
        (extract(epoch FROM c.started_at) * 1000)::FLOAT8
      FROM engine_claim(p_worker, p_claim) c;
    -- A claim that a crash of the database undid would be made twice, under the same number.
    IF FOUND THEN PERFORM set_config('synchronous_commit', v_commit, TRUE); END IF;
  END IF;

  IF EXISTS (SELECT 1 FROM execution e WHERE e.status = 'queued' AND e.engine = 'embedded' AND NOT e.gated) THEN
    RETURN QUERY SELECT 'more', NULL, NULL, NULL::FLOAT8, NULL, NULL, NULL::INT, NULL, NULL, NULL, NULL, NULL, NULL, NULL::INT,
      NULL::INT, NULL::INT, NULL::BOOLEAN, NULL::FLOAT8, NULL::FLOAT8;
  END IF;
END $$;

-- As before, also for what is paused.
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
    SET cancel_requested = TRUE, wake_seq = e.wake_seq + 1, status = 'cancelled', wake_at = NULL, paused_at = NULL, gated = FALSE, finished_at = clock_timestamp(),
      seq = 1 + (SELECT COALESCE(max(s.seq), 0) FROM execution_step s WHERE s.execution_id = p_execution)
    WHERE e.id = p_execution;
    DELETE FROM execution_wait WHERE execution_id = p_execution;
    DELETE FROM execution_signal WHERE execution_id = p_execution;
  END IF;
  RETURN QUERY SELECT v_status, (SELECT e.status FROM execution e WHERE e.id = p_execution);
END $$;

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
  UPDATE execution AS e
  SET status = CASE WHEN e.pause_requested THEN 'paused' ELSE 'queued' END, worker_id = NULL, pause_requested = FALSE,
    paused_at = CASE WHEN e.pause_requested THEN clock_timestamp() END
  WHERE e.worker_id = p_worker AND e.status = 'running' AND e.engine = 'embedded'
    AND (p_executions IS NULL OR (e.id, e.claim_no) IN (SELECT * FROM unnest(p_executions, p_claims)));
  GET DIAGNOSTICS v_queued = ROW_COUNT;
  RETURN v_queued + v_ended_count;
END $$;

-- Ends executions that nobody runs.
CREATE OR REPLACE FUNCTION engine_end_idle(p_executions TEXT[], p_status TEXT, p_reason TEXT) RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
  UPDATE execution AS e
  SET status = p_status, finished_at = clock_timestamp(), wake_at = NULL, paused_at = NULL, gated = FALSE, worker_id = NULL,
    error = json_build_object('nodeId', NULL, 'nodeName', NULL, 'message', p_reason)::TEXT,
    seq = 1 + (SELECT COALESCE(max(s.seq), 0) FROM execution_step s WHERE s.execution_id = e.id)
  WHERE e.id = ANY (p_executions);
  DELETE FROM execution_wait WHERE execution_id = ANY (p_executions);
  DELETE FROM execution_signal WHERE execution_id = ANY (p_executions);
END $$;

-- Lets executions through a gate, in their order, while there is room behind it: those that have passed and not ended count,
-- whatever they do. One after the other by a lock on the key, always taken last, so that nobody waits for anybody in a circle.
--
-- Answers `passed` (may be claimed), `ended` (did not get through), `cancel` (has to make room: the caller cancels it).
CREATE OR REPLACE FUNCTION engine_open(p_gate TEXT) RETURNS TABLE (kind TEXT, id TEXT) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_next RECORD;
  v_inside INT;
  v_dropped TEXT[];
BEGIN
  PERFORM pg_advisory_xact_lock(7708, hashtext(p_gate));
  LOOP
    SELECT e.id, e.gate_limit, e.overlap INTO v_next FROM execution e
    WHERE e.gate_key = p_gate AND e.status = 'queued' AND e.gated
    ORDER BY e.priority DESC, e.created_at, e.id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED;
    EXIT WHEN NOT FOUND;
    IF v_next.overlap = 'cancelPrevious' THEN
      -- The newest stay, as many as there is room for; of the others, those that wait here end here.
      WITH old AS (
        SELECT e.id, e.gated FROM execution e
        WHERE e.gate_key = p_gate AND e.status IN ('queued', 'running', 'waiting', 'paused') AND NOT (e.gated AND e.status <> 'queued')
        ORDER BY e.created_at DESC, e.id DESC OFFSET v_next.gate_limit
      ), dropped AS (
        SELECT e.id FROM execution e WHERE e.id IN (SELECT old.id FROM old WHERE old.gated) FOR NO KEY UPDATE SKIP LOCKED
      )
      SELECT array_agg(dropped.id) INTO v_dropped FROM dropped;
      IF v_dropped IS NOT NULL THEN
        PERFORM engine_end_idle(v_dropped, 'cancelled', 'A later execution took its place before it began');
        RETURN QUERY SELECT 'ended', unnest(v_dropped);
      END IF;
      RETURN QUERY
        SELECT 'cancel', old.id FROM (
          SELECT e.id, e.gated, e.cancel_requested FROM execution e
          WHERE e.gate_key = p_gate AND e.status IN ('queued', 'running', 'waiting', 'paused') AND NOT (e.gated AND e.status <> 'queued')
          ORDER BY e.created_at DESC, e.id DESC OFFSET v_next.gate_limit
        ) old WHERE NOT old.gated AND NOT old.cancel_requested;
      CONTINUE WHEN v_next.id = ANY (v_dropped);
    END IF;
    SELECT count(*) INTO v_inside FROM (
      SELECT 1 FROM execution e
      WHERE e.gate_key = p_gate AND NOT e.gated AND e.status IN ('queued', 'running', 'waiting', 'paused') LIMIT v_next.gate_limit) AS inside;
    IF v_inside < v_next.gate_limit THEN
      UPDATE execution AS e SET gated = FALSE, queued_at = clock_timestamp() WHERE e.id = v_next.id;
      RETURN QUERY SELECT 'passed', v_next.id;
    ELSIF v_next.overlap = 'skip' THEN
      PERFORM engine_end_idle(ARRAY[v_next.id], 'cancelled',
        'Skipped: as many executions as the flow allows were under way when it came');
      RETURN QUERY SELECT 'ended', v_next.id;
    ELSE
      EXIT;
    END IF;
  END LOOP;
END $$;

-- Records an arrival and an execution of a flow with policies, together. Sending it again changes nothing.
--
-- Answers `recorded` or `duplicate` (with the id of the earlier execution), then what `engine_open` answers.
CREATE OR REPLACE FUNCTION engine_admit(
  p_engine TEXT, p_event TEXT, p_trigger TEXT, p_type TEXT, p_dedupe TEXT, p_id TEXT, p_organization TEXT, p_flow TEXT, p_version INT,
  p_draft TEXT, p_mode TEXT, p_node TEXT, p_input TEXT, p_payload TEXT, p_bytes BYTEA, p_variables TEXT, p_retry_of TEXT,
  p_created_by TEXT, p_priority INT, p_timeout_ms FLOAT8, p_gate TEXT, p_gate_limit INT, p_overlap TEXT, p_debounce TEXT,
  p_debounce_ms BIGINT, p_debounce_max_ms BIGINT, p_throttle TEXT, p_throttle_limit INT, p_throttle_ms BIGINT
) RETURNS TABLE (kind TEXT, id TEXT) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_now TIMESTAMPTZ;
  v_at TIMESTAMPTZ;
  v_since TIMESTAMPTZ;
  v_slot TIMESTAMPTZ;
  v_earlier TEXT[];
BEGIN
  IF p_debounce IS NOT NULL THEN PERFORM pg_advisory_xact_lock(7709, hashtext(p_debounce)); END IF;
  IF p_throttle IS NOT NULL THEN PERFORM pg_advisory_xact_lock(7710, hashtext(p_throttle)); END IF;
  INSERT INTO trigger_event (id, organization_id, flow_id, trigger_id, type, dedupe_key, execution_id)
  VALUES (p_event, p_organization, p_flow, p_trigger, p_type, p_dedupe, p_id) ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    RETURN QUERY
      SELECT CASE WHEN t.execution_id = p_id THEN 'recorded' ELSE 'duplicate' END, t.execution_id FROM trigger_event t
      WHERE t.id = p_event OR (p_dedupe IS NOT NULL AND t.organization_id = p_organization AND t.dedupe_key = p_dedupe
        AND COALESCE(t.trigger_id, 'flow:' || t.flow_id) = COALESCE(p_trigger, 'flow:' || p_flow))
      ORDER BY t.id = p_event DESC LIMIT 1;
    RETURN;
  END IF;

  v_now := clock_timestamp();
  v_at := v_now;
  IF p_debounce IS NOT NULL THEN
    v_since := v_now;
    SELECT array_agg(d.id), LEAST(v_since, min(d.debounced_since)) INTO v_earlier, v_since FROM (
      SELECT e.id, e.debounced_since FROM execution e
      WHERE e.debounce_key = p_debounce AND e.status = 'waiting' AND e.started_at IS NULL FOR NO KEY UPDATE) d;
    v_at := v_now + make_interval(secs => p_debounce_ms / 1000.0);
    IF p_debounce_max_ms IS NOT NULL THEN v_at := LEAST(v_at, v_since + make_interval(secs => p_debounce_max_ms / 1000.0)); END IF;
    IF v_earlier IS NOT NULL THEN
      PERFORM engine_end_idle(v_earlier, 'cancelled', 'Debounced: a later arrival took its place, execution ' || p_id);
    END IF;
  END IF;
  IF p_throttle IS NOT NULL THEN
    SELECT e.throttled_at INTO v_slot FROM execution e
    WHERE e.throttle_key = p_throttle AND NOT (e.status = 'cancelled' AND e.started_at IS NULL)
    ORDER BY e.throttled_at DESC OFFSET p_throttle_limit - 1 LIMIT 1;
    v_at := GREATEST(v_at, v_slot + make_interval(secs => p_throttle_ms / 1000.0));
  END IF;

  IF p_payload IS NOT NULL THEN
    INSERT INTO payload (id, organization_id, execution_id, content_type, size, bytes)
    VALUES (p_payload, p_organization, p_id, 'application/json', octet_length(p_bytes), p_bytes);
  END IF;
  INSERT INTO execution (id, organization_id, flow_id, flow_version, draft_graph, engine, mode, status, priority, trigger_node_id, input,
    input_payload_id, variables, retry_of_id, created_by_id, queued_at, created_at, wake_at, gate_key, gate_limit, overlap, gated,
    debounce_key, debounced_since, throttle_key, throttled_at, timeout_ms)
  VALUES (p_id, p_organization, p_flow, p_version, p_draft, p_engine, p_mode, CASE WHEN v_at > v_now THEN 'waiting' ELSE 'queued' END,
    p_priority, p_node, p_input, p_payload, p_variables, p_retry_of, p_created_by, v_now, v_now, CASE WHEN v_at > v_now THEN v_at END,
    p_gate, p_gate_limit, p_overlap, p_gate IS NOT NULL, p_debounce, v_since, p_throttle, CASE WHEN p_throttle IS NOT NULL THEN v_at END,
    p_timeout_ms);
  RETURN QUERY SELECT 'recorded', p_id;
  IF v_earlier IS NOT NULL THEN RETURN QUERY SELECT 'ended', unnest(v_earlier); END IF;
  IF p_gate IS NOT NULL AND v_at <= v_now THEN RETURN QUERY SELECT * FROM engine_open(p_gate); END IF;
END $$;

-- What time brings about: executions that nobody runs and that have taken too long end, and gates are looked at that something
-- queues before. Answers what `engine_open` answers, and `deadline` with the next instant in milliseconds.
CREATE OR REPLACE FUNCTION engine_sweep(p_engine TEXT) RETURNS TABLE (kind TEXT, id TEXT) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_late TEXT[];
  v_gate TEXT;
BEGIN
  SELECT array_agg(d.id) INTO v_late FROM (
    SELECT e.id FROM execution e
    WHERE e.deadline_at <= clock_timestamp() AND e.deadline_at IS NOT NULL AND e.status IN ('queued', 'running', 'waiting')
      AND e.status <> 'running' AND e.engine = p_engine
    ORDER BY e.deadline_at LIMIT 500 FOR NO KEY UPDATE SKIP LOCKED) d;
  IF v_late IS NOT NULL THEN
    PERFORM engine_end_idle(v_late, 'timed_out', 'The execution took longer than its flow allows');
    RETURN QUERY SELECT 'ended', unnest(v_late);
  END IF;
  v_gate := '';
  LOOP
    SELECT e.gate_key INTO v_gate FROM execution e
    WHERE e.status = 'queued' AND e.gated AND e.gate_key > v_gate AND e.engine = p_engine ORDER BY e.gate_key LIMIT 1;
    EXIT WHEN NOT FOUND;
    IF pg_try_advisory_xact_lock(7708, hashtext(v_gate)) THEN RETURN QUERY SELECT * FROM engine_open(v_gate); END IF;
  END LOOP;
  RETURN QUERY
    SELECT 'deadline', (extract(epoch FROM min(e.deadline_at)) * 1000)::TEXT FROM execution e
    WHERE e.deadline_at IS NOT NULL AND e.status IN ('queued', 'running', 'waiting') AND e.status <> 'running' AND e.engine = p_engine
    HAVING min(e.deadline_at) IS NOT NULL;
END $$;

-- Asks an execution to pause; at once where nobody runs it. Answers its status before and after; null for an unknown one.
CREATE OR REPLACE FUNCTION engine_pause(p_execution TEXT) RETURNS TABLE (before TEXT, after TEXT) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_status TEXT;
BEGIN
  SELECT e.status INTO v_status FROM execution e WHERE e.id = p_execution AND e.engine = 'embedded' FOR NO KEY UPDATE;
  IF v_status = 'running' THEN
    UPDATE execution AS e SET pause_requested = TRUE WHERE e.id = p_execution AND NOT e.pause_requested;
  ELSIF v_status IN ('queued', 'waiting') THEN
    UPDATE execution AS e SET status = 'paused', paused_at = clock_timestamp(), wake_at = NULL WHERE e.id = p_execution;
  END IF;
  RETURN QUERY SELECT v_status, (SELECT e.status FROM execution e WHERE e.id = p_execution AND e.engine = 'embedded');
END $$;

-- Takes a pause back. The time of the pause is added to the deadline. Answers the status afterwards, null where it was not paused
-- and was not about to be.
CREATE OR REPLACE FUNCTION engine_resume(p_execution TEXT) RETURNS TABLE (after TEXT, gate TEXT) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
    UPDATE execution AS e
    SET status = CASE WHEN e.status = 'paused' THEN 'queued' ELSE e.status END,
      queued_at = CASE WHEN e.status = 'paused' THEN clock_timestamp() ELSE e.queued_at END,
      deadline_at = CASE WHEN e.status = 'paused' THEN e.deadline_at + (clock_timestamp() - e.paused_at) ELSE e.deadline_at END,
      wake_seq = e.wake_seq + 1, pause_requested = FALSE, paused_at = NULL
    WHERE e.id = p_execution AND e.engine = 'embedded' AND (e.status = 'paused' OR (e.status = 'running' AND e.pause_requested))
    RETURNING e.status, CASE WHEN e.gated THEN e.gate_key END;
END $$;
