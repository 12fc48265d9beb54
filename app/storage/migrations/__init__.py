"""The history of the schema: one revision a file, each with the SQL it runs."""
