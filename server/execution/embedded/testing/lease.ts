/** Short, so that tests need not wait long until a dead process is noticed. */
export const TEST_LEASE_MS = 4000;
