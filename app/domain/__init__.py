"""The rules of credits: frozen dataclasses and pure functions, no Qt, SQL, files or clock."""
