// Imported first: what is tried again while the database is away is no news in a storm.
process.env.LOG_LEVEL ??= "error";
