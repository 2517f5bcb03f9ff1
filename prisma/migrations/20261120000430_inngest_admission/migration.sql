-- Which executions Inngest is given, and when: it counts steps, by limits that are the same for everybody; organizations have
-- limits of their own on executions, and flows have gates. So the database admits, and only what is admitted is sent.

-- When it was given to Inngest; from then on it takes up room. Null before, and again when it gives its room back.
ALTER TABLE execution ADD COLUMN IF NOT EXISTS sent_at TIMESTAMPTZ(6);

CREATE INDEX IF NOT EXISTS execution_inngest_ready ON execution (organization_id, priority DESC, queued_at)
  WHERE status = 'queued' AND engine = 'inngest' AND NOT gated AND sent_at IS NULL;
CREATE INDEX IF NOT EXISTS execution_inngest_sent ON execution (sent_at)
  WHERE status = 'queued' AND engine = 'inngest' AND sent_at IS NOT NULL;
DROP INDEX IF EXISTS execution_inngest_queue;
CREATE INDEX IF NOT EXISTS execution_inngest_room ON execution (organization_id)
  WHERE engine = 'inngest' AND (status = 'running' OR (status = 'queued' AND sent_at IS NOT NULL));
-- Arrivals that are put off: no run waits for them.
CREATE INDEX IF NOT EXISTS execution_inngest_put_off ON execution (wake_at)
  WHERE engine = 'inngest' AND status = 'waiting' AND worker_id IS NULL;

-- How many more executions of an organization may be under way.
CREATE OR REPLACE FUNCTION inngest_room(p_organization TEXT, p_limit INT) RETURNS INT LANGUAGE sql STABLE AS $$
  SELECT p_limit - count(*)::INT FROM (
    SELECT 1 FROM execution e
    WHERE e.organization_id = p_organization AND e.engine = 'inngest'
      AND (e.status = 'running' OR (e.status = 'queued' AND e.sent_at IS NOT NULL)) LIMIT p_limit) AS taken
$$;

-- Admits queued executions, fairly: organizations least recently served first, an equal share in the first pass, the rest in the
-- second. Admitting processes take turns; the lock on an organization's row makes "count, then admit" atomic against those that
-- wake up.
CREATE OR REPLACE FUNCTION inngest_admit(p_want INT) RETURNS TABLE (id TEXT, organization_id TEXT, flow_id TEXT, claim_no INT)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_left INT := p_want;
  v_organizations TEXT[];
  v_organization RECORD;
  v_share INT;
  v_free INT;
  v_taken INT;
BEGIN
  PERFORM pg_advisory_xact_lock(7711, 0);
  FOR v_pass IN 1..2 LOOP
    WITH RECURSIVE hop AS (
      (SELECT e.organization_id FROM execution e
       WHERE e.status = 'queued' AND e.engine = 'inngest' AND NOT e.gated AND e.sent_at IS NULL ORDER BY e.organization_id LIMIT 1)
      UNION ALL
      SELECT (SELECT e.organization_id FROM execution e
              WHERE e.status = 'queued' AND e.engine = 'inngest' AND NOT e.gated AND e.sent_at IS NULL
                AND e.organization_id > hop.organization_id
              ORDER BY e.organization_id LIMIT 1)
      FROM hop WHERE hop.organization_id IS NOT NULL
    )
    SELECT array_agg(hop.organization_id) INTO v_organizations FROM hop WHERE hop.organization_id IS NOT NULL;
    EXIT WHEN v_organizations IS NULL;
    v_share := CASE v_pass WHEN 1 THEN greatest(1, ceil(v_left::NUMERIC / cardinality(v_organizations))::INT) ELSE v_left END;
    FOR v_organization IN
      SELECT o.id, o.max_concurrent FROM organization o WHERE o.id = ANY (v_organizations) ORDER BY o.last_claim_at FOR NO KEY UPDATE
    LOOP
      EXIT WHEN v_left <= 0;
      v_free := inngest_room(v_organization.id, v_organization.max_concurrent);
      CONTINUE WHEN v_free <= 0;
      RETURN QUERY
        UPDATE execution AS e SET sent_at = clock_timestamp()
        WHERE e.id = ANY (ARRAY(
          SELECT q.id FROM execution q
          WHERE q.organization_id = v_organization.id AND q.status = 'queued' AND q.engine = 'inngest' AND NOT q.gated AND q.sent_at IS NULL
          ORDER BY q.priority DESC, q.queued_at LIMIT least(v_free, v_left, v_share) FOR NO KEY UPDATE SKIP LOCKED))
        RETURNING e.id, e.organization_id, e.flow_id, e.claim_no;
      GET DIAGNOSTICS v_taken = ROW_COUNT;
      v_left := v_left - v_taken;
      IF v_taken > 0 THEN
        UPDATE organization AS o SET last_claim_at = clock_timestamp() WHERE o.id = v_organization.id;
      END IF;
    END LOOP;
    EXIT WHEN v_left <= 0;
  END LOOP;
END $$;

-- A wait of an execution is over, and all of it had waited: it needs room again. Without any it queues, and another run goes on
-- with it when its turn comes. Answers the status afterwards; null when it was not waiting, or another run holds it.
CREATE OR REPLACE FUNCTION inngest_go_on(p_execution TEXT, p_run UUID) RETURNS TEXT LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_organization TEXT;
  v_limit INT;
  v_status TEXT;
BEGIN
  SELECT e.organization_id INTO v_organization FROM execution e WHERE e.id = p_execution AND e.worker_id = p_run AND e.status = 'waiting';
  IF NOT FOUND THEN RETURN NULL; END IF;
  SELECT o.max_concurrent INTO v_limit FROM organization o WHERE o.id = v_organization FOR NO KEY UPDATE;
  IF inngest_room(v_organization, v_limit) > 0 THEN
    UPDATE execution AS e SET status = 'running', wake_at = NULL
    WHERE e.id = p_execution AND e.worker_id = p_run AND e.status = 'waiting' RETURNING e.status INTO v_status;
  ELSE
    UPDATE execution AS e SET status = 'queued', wake_at = NULL, worker_id = NULL, sent_at = NULL, queued_at = clock_timestamp()
    WHERE e.id = p_execution AND e.worker_id = p_run AND e.status = 'waiting' RETURNING e.status INTO v_status;
  END IF;
  RETURN v_status;
END $$;

-- Asks an execution to pause; at once where no step of it runs, and then it is nobody's any more. Answers its status before and
-- after, and how many runs have had it; no row for an unknown one.
CREATE OR REPLACE FUNCTION inngest_pause(p_execution TEXT) RETURNS TABLE (before TEXT, after TEXT, claim_no INT) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_status TEXT;
BEGIN
  SELECT e.status INTO v_status FROM execution e WHERE e.id = p_execution AND e.engine = 'inngest' FOR NO KEY UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  IF v_status = 'running' THEN
    UPDATE execution AS e SET pause_requested = TRUE WHERE e.id = p_execution;
  ELSIF v_status IN ('queued', 'waiting') THEN
    UPDATE execution AS e
    SET status = 'paused', paused_at = clock_timestamp(), wake_at = NULL, worker_id = NULL, sent_at = NULL WHERE e.id = p_execution;
  END IF;
  RETURN QUERY SELECT v_status, e.status, e.claim_no FROM execution e WHERE e.id = p_execution;
END $$;

-- Takes a pause back. The time of the pause is added to the deadline. No row where it was not paused and was not about to be.
CREATE OR REPLACE FUNCTION inngest_resume(p_execution TEXT) RETURNS TABLE (after TEXT, gate TEXT) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
    UPDATE execution AS e
    SET status = CASE WHEN e.status = 'paused' THEN 'queued' ELSE e.status END,
      queued_at = CASE WHEN e.status = 'paused' THEN clock_timestamp() ELSE e.queued_at END,
      deadline_at = CASE WHEN e.status = 'paused' THEN e.deadline_at + (clock_timestamp() - e.paused_at) ELSE e.deadline_at END,
      pause_requested = FALSE, paused_at = NULL
    WHERE e.id = p_execution AND e.engine = 'inngest' AND (e.status = 'paused' OR (e.status = 'running' AND e.pause_requested))
    RETURNING e.status, CASE WHEN e.gated THEN e.gate_key END;
END $$;
