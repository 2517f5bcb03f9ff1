-- What the Inngest engine needs and the schema language cannot say.

-- Executions that Inngest has not taken up: the sweeper sends them again.
CREATE INDEX IF NOT EXISTS execution_inngest_queue
  ON execution (queued_at) WHERE status = 'queued' AND engine = 'inngest';

-- Appends a row to the journal of an execution that the Inngest run `p_run` holds, its seq taken under the row's lock. One round
-- trip, so that a frozen process holds no lock; one statement after the other, so that what was committed while the lock was
-- waited for is seen.
--
-- `p_visit` rows tell how an attempt went, the others that a wait ended. Answers the seq, or null when nothing was written: the
-- execution has ended, another run holds it, or a duplicate of this call was quicker.
CREATE OR REPLACE FUNCTION inngest_append(
  p_execution TEXT, p_run UUID, p_visit BOOLEAN, p_key TEXT, p_node TEXT, p_run_index INT, p_attempt INT, p_status TEXT, p_effect TEXT,
  p_counts INT[], p_sources TEXT, p_output TEXT, p_payload TEXT, p_bytes BYTEA, p_error TEXT, p_wake TIMESTAMPTZ,
  p_started TIMESTAMPTZ, p_finished TIMESTAMPTZ
) RETURNS INT LANGUAGE plpgsql AS $$
DECLARE
  v_seq INT;
  v_organization TEXT;
BEGIN
  SELECT e.seq + 1, e.organization_id INTO v_seq, v_organization FROM execution e
  WHERE e.id = p_execution AND e.worker_id = p_run AND e.status NOT IN ('succeeded', 'failed', 'cancelled', 'timed_out')
  FOR NO KEY UPDATE;
  IF NOT FOUND THEN RETURN NULL; END IF;
  PERFORM 1 FROM execution_step s
  WHERE s.execution_id = p_execution AND s.key = p_key AND (
    s.status = 'succeeded' OR (s.status = 'failed' AND s.wake_at IS NULL)
    OR (p_visit AND (s.status = 'waiting' OR s.attempt >= p_attempt)));
  IF FOUND THEN RETURN NULL; END IF;
  IF p_payload IS NOT NULL THEN
    INSERT INTO payload (id, organization_id, execution_id, content_type, size, bytes)
    VALUES (p_payload, v_organization, p_execution, 'application/json', octet_length(p_bytes), p_bytes);
  END IF;
  INSERT INTO execution_step (execution_id, seq, organization_id, key, node_id, run_index, attempt, status, effect, counts, sources,
    output, payload_id, error, wake_at, started_at, finished_at)
  VALUES (p_execution, v_seq, v_organization, p_key, p_node, p_run_index, p_attempt, p_status, p_effect, p_counts, p_sources,
    p_output, p_payload, p_error, p_wake, p_started, p_finished);
  UPDATE execution SET seq = v_seq WHERE id = p_execution;
  IF NOT p_visit THEN DELETE FROM execution_wait WHERE execution_id = p_execution AND key = p_key; END IF;
  RETURN v_seq;
END $$;
