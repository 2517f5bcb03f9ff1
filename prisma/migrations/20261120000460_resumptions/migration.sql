-- What an execution takes over from an earlier one. Beside `execution`, whose rows are written by the engine.
CREATE TABLE "execution_resumption" (
    "execution_id" TEXT NOT NULL,
    "organization_id" TEXT NOT NULL,
    "from_id" TEXT NOT NULL,
    "lineage" TEXT NOT NULL,
    "keep_writes" BOOLEAN NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "execution_resumption_pkey" PRIMARY KEY ("execution_id")
);
CREATE INDEX "execution_resumption_from_id_idx" ON "execution_resumption"("from_id");

-- Executions that failed alike: at the same node, with the same message but for numbers and ids in it. Of the text of the column
-- `error`, which may hold U+0000 and so is never cast to jsonb.
CREATE FUNCTION error_fingerprint(error TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT md5(
    coalesce(substring(error from '"nodeId":("(?:[^"\\]|\\.)*")'), '') || ' ' ||
    regexp_replace(
      regexp_replace(left(substring(error from '"message":"((?:[^"\\]|\\.)*)"'), 400), '\m(?=\w*\d)[\w-]{8,}\M', '#', 'g'),
      '\d+', '#', 'g'))
$$;
CREATE INDEX "execution_failed_alike_idx" ON "execution" ("flow_id", error_fingerprint("error"), "created_at" DESC)
  WHERE "status" IN ('failed', 'timed_out');
