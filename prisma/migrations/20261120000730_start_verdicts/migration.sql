-- An execution's id may be given before it starts (that of a flow which a step of another runs), and two processes may then start
-- it, one of them long after the other has brought it to its end. What is recorded is admitted only for the arrival that recorded
-- it, and only as that left it; any other arrival is a duplicate, whatever has become of the execution since.
CREATE OR REPLACE FUNCTION engine_flush(
  p_worker UUID, p_durable BOOLEAN, p_claim INT, p_wake BOOLEAN,
  s_event TEXT[], s_id TEXT[], s_organization TEXT[], s_flow TEXT[], s_trigger TEXT[], s_type TEXT[], s_dedupe TEXT[],
  s_version INT[], s_draft TEXT[], s_mode TEXT[], s_node TEXT[], s_input TEXT[], s_input_payload TEXT[], s_variables TEXT[],
  s_retry_of TEXT[], s_created_by TEXT[], s_status TEXT[], s_seq INT[], s_error TEXT[], s_last_key TEXT[],
  s_started TIMESTAMPTZ[], s_finished TIMESTAMPTZ[], s_priority INT[], s_timeout TEXT[], s_gate TEXT[], s_gate_limit INT[], s_overlap TEXT[],
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
  v_gate RECORD;
  v_gates TEXT[] := '{}';
  v_gate_rooms INT[] := '{}';
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

    IF s_gate IS NOT NULL THEN
      FOR v_gate IN
        SELECT t.gate, max(t.gate_limit) AS gate_limit FROM unnest(s_gate, s_gate_limit) AS t (gate, gate_limit)
        WHERE t.gate IS NOT NULL GROUP BY t.gate
      LOOP
        v_gates := v_gates || v_gate.gate;
        v_gate_rooms := v_gate_rooms || engine_gate_room(v_gate.gate, v_gate.gate_limit);
      END LOOP;
    END IF;

    -- A run that began in memory is admitted while its organization has room, nothing queues before it and its gate, if it has
    -- one, lets it pass; otherwise it is recorded as queued, and what it did so far (nothing but pure steps) is forgotten.
    INSERT INTO execution (id, organization_id, flow_id, flow_version, draft_graph, mode, status, seq, trigger_node_id, input,
      input_payload_id, variables, retry_of_id, created_by_id, queued_at, created_at, started_at, finished_at, worker_id, claim_no,
      error, last_key, priority, timeout_ms, deadline_at, gate_key, gate_limit, overlap, gated)
    SELECT t.id, t.organization, t.flow, t.version, t.draft, t.mode, v.status, CASE WHEN v.admitted THEN t.seq ELSE 0 END, t.node,
      t.input, t.input_payload, t.variables, t.retry_of, t.created_by, t.started, t.started,
      CASE WHEN v.admitted THEN t.started END, CASE WHEN v.admitted THEN t.finished END,
      CASE WHEN v.status = 'running' THEN p_worker END, CASE WHEN v.admitted THEN 1 ELSE 0 END,
      CASE WHEN v.admitted THEN t.error END, CASE WHEN v.admitted THEN t.last_key END, COALESCE(t.priority, 0), t.timeout_ms,
      CASE WHEN v.admitted THEN t.started + make_interval(secs => t.timeout_ms / 1000) END, t.gate, t.gate_limit, t.overlap,
      t.gate IS NOT NULL AND NOT v.admitted
    FROM (
      SELECT u.*, count(*) FILTER (WHERE u.status = 'running') OVER (PARTITION BY u.organization ORDER BY u.position) AS running_rank,
        CASE WHEN u.gate IS NOT NULL THEN count(*) OVER (PARTITION BY u.gate ORDER BY u.position) END AS gate_rank
      FROM (
        SELECT a.event, a.id, a.organization, a.flow, a.version, a.draft, a.mode, a.node, a.input, a.input_payload, a.variables,
          a.retry_of, a.created_by, a.status, a.seq, a.error, a.last_key, COALESCE(a.started, clock_timestamp()) AS started,
          a.finished, a.priority, a.timeout_ms::FLOAT8 AS timeout_ms, a.gate, a.gate_limit, a.overlap, a.position
        FROM unnest(s_event, s_id, s_organization, s_flow, s_version, s_draft, s_mode, s_node, s_input, s_input_payload,
          s_variables, s_retry_of, s_created_by, s_status, s_seq, s_error, s_last_key, s_started, s_finished, s_priority, s_timeout,
          s_gate, s_gate_limit, s_overlap)
          WITH ORDINALITY AS a (event, id, organization, flow, version, draft, mode, node, input, input_payload, variables, retry_of,
          created_by, status, seq, error, last_key, started, finished, priority, timeout_ms, gate, gate_limit, overlap, position)
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
      AND t.running_rank <= COALESCE(room.free, 0)
      AND (t.gate IS NULL OR t.gate_rank <= v_gate_rooms[array_position(v_gates, t.gate)]) AS admitted) x
    CROSS JOIN LATERAL (SELECT x.admitted, CASE WHEN x.admitted THEN t.status ELSE 'queued' END AS status) v
    ON CONFLICT DO NOTHING;

    SELECT COALESCE(array_agg(t.id), '{}') INTO v_refused
    FROM unnest(s_event, s_id, s_status, s_finished) AS t (event, id, wanted, finished)
    LEFT JOIN execution e ON e.id = t.id AND EXISTS (SELECT 1 FROM trigger_event d WHERE d.id = t.event AND d.execution_id = t.id)
    WHERE t.wanted <> 'queued' AND NOT COALESCE(
      CASE WHEN t.wanted = 'running' THEN e.status = 'running' AND e.worker_id = p_worker AND e.claim_no = 1
        ELSE e.status = t.wanted AND e.finished_at = t.finished END, FALSE);

    -- `organization_id` carries the id of the earlier execution when the arrival was a duplicate.
    RETURN QUERY
      SELECT 'start', t.id,
        CASE WHEN e.id IS NULL OR own.id IS NULL THEN 'duplicate'
          WHEN t.wanted <> 'queued' AND t.id <> ALL (v_refused) THEN 'admitted' ELSE 'queued' END,
        NULL::FLOAT8,
        CASE WHEN e.id IS NULL OR own.id IS NULL THEN COALESCE(
          e.id,
          (SELECT d.execution_id FROM trigger_event d WHERE d.id = t.event),
          (SELECT d.execution_id FROM trigger_event d WHERE d.organization_id = t.organization AND d.dedupe_key = t.dedupe
             AND COALESCE(d.trigger_id, 'flow:' || d.flow_id) = COALESCE(t.trigger, 'flow:' || t.flow))) END,
        NULL, NULL::INT, NULL, NULL, NULL, NULL, NULL, NULL, NULL::INT, NULL::INT, NULL::INT, NULL::BOOLEAN, NULL::FLOAT8, NULL::FLOAT8
      FROM unnest(s_event, s_id, s_organization, s_flow, s_trigger, s_dedupe, s_status)
        AS t (event, id, organization, flow, trigger, dedupe, wanted)
      LEFT JOIN execution e ON e.id = t.id
      LEFT JOIN trigger_event own ON own.id = t.event AND own.execution_id = t.id;
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
      error = CASE WHEN e.cancel_requested THEN engine_cancel_error(e.cancel_reason) ELSE t.error END,
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
