"""The only SQL. Takes a session, returns domain objects, never commits."""
