-- The journal's ordinary case by itself: one execution that began and ended in memory, recorded in its final state with its
-- steps. The same as `engine_flush` does for it, without what is there for many. Answers as that does; `other`, with nothing
-- written, when anything is out of the ordinary (no room, something queues, a duplicate): then `engine_flush` is called.
CREATE FUNCTION engine_flush_one(
  p_worker UUID, p_event TEXT, p_id TEXT, p_organization TEXT, p_flow TEXT, p_trigger TEXT, p_type TEXT, p_dedupe TEXT, p_version INT,
  p_draft TEXT, p_mode TEXT, p_node TEXT, p_input TEXT, p_variables TEXT, p_retry_of TEXT, p_created_by TEXT, p_status TEXT, p_seq INT,
  p_error TEXT, p_last_key TEXT, p_started TIMESTAMPTZ, p_finished TIMESTAMPTZ,
  j_seq INT[], j_key TEXT[], j_node TEXT[], j_run INT[], j_attempt INT[], j_status TEXT[], j_effect TEXT[], j_counts TEXT[],
  j_sources TEXT[], j_output TEXT[], j_payload TEXT[], j_error TEXT[], j_wake TIMESTAMPTZ[], j_started TIMESTAMPTZ[], j_finished TIMESTAMPTZ[]
) RETURNS TABLE (kind TEXT, id TEXT, status TEXT) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_room INT;
BEGIN
  PERFORM 1 FROM worker w WHERE w.id = p_worker AND NOT w.fenced FOR KEY SHARE;
  IF NOT FOUND THEN
    RETURN QUERY SELECT 'fenced', NULL, NULL;
    RETURN;
  END IF;

  -- As for many: one arrival of an organization after the other.
  SELECT o.max_concurrent INTO v_room FROM organization o WHERE o.id = p_organization FOR NO KEY UPDATE;
  IF v_room IS NULL
    OR EXISTS (SELECT 1 FROM execution q
               WHERE q.organization_id = p_organization AND q.status = 'queued' AND q.engine = 'embedded' AND NOT q.gated)
    OR v_room <= (SELECT count(*) FROM execution r
                  WHERE r.organization_id = p_organization AND r.status = 'running' AND r.engine = 'embedded') THEN
    RETURN QUERY SELECT 'other', NULL, NULL;
    RETURN;
  END IF;

  INSERT INTO trigger_event (id, organization_id, flow_id, trigger_id, type, dedupe_key, execution_id, received_at)
  VALUES (p_event, p_organization, p_flow, p_trigger, p_type, p_dedupe, p_id, p_started) ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    RETURN QUERY SELECT 'other', NULL, NULL;
    RETURN;
  END IF;

  INSERT INTO execution (id, organization_id, flow_id, flow_version, draft_graph, mode, status, seq, trigger_node_id, input, variables,
    retry_of_id, created_by_id, queued_at, created_at, started_at, finished_at, claim_no, error, last_key)
  VALUES (p_id, p_organization, p_flow, p_version, p_draft, p_mode, p_status, p_seq, p_node, p_input, p_variables, p_retry_of,
    p_created_by, p_started, p_started, p_started, p_finished, 1, p_error, p_last_key);

  IF j_seq IS NOT NULL THEN
    INSERT INTO execution_step (execution_id, seq, organization_id, key, node_id, run_index, attempt, status, effect, counts, sources,
      output, payload_id, error, wake_at, started_at, finished_at)
    SELECT p_id, t.seq, p_organization, t.key, t.node, t.run, t.attempt, t.status, t.effect, t.counts::INT[], t.sources, t.output,
      t.payload, t.error, t.wake, t.started, t.finished
    FROM unnest(j_seq, j_key, j_node, j_run, j_attempt, j_status, j_effect, j_counts, j_sources, j_output, j_payload, j_error, j_wake,
      j_started, j_finished)
      AS t (seq, key, node, run, attempt, status, effect, counts, sources, output, payload, error, wake, started, finished);
  END IF;

  RETURN QUERY SELECT 'start', p_id, 'admitted';
  RETURN QUERY
    SELECT 'cancel', e.id, NULL FROM execution e
    WHERE e.worker_id = p_worker AND e.status = 'running' AND e.engine = 'embedded' AND e.cancel_requested;
  IF EXISTS (SELECT 1 FROM execution e WHERE e.status = 'queued' AND e.engine = 'embedded' AND NOT e.gated) THEN
    RETURN QUERY SELECT 'more', NULL, NULL;
  END IF;
END $$;
